/// Tests of amounts of currencies.
@NullMarked
package dev.countersign.policy.price;

import org.jspecify.annotations.NullMarked;
