/// Prices that feeds publish: taken in, stored, and read to judge by.
@NullMarked
package dev.countersign.policy.feed;

import org.jspecify.annotations.NullMarked;
