/// Amounts of currencies, and which prices they are compared by.
@NullMarked
package dev.countersign.policy.price;

import org.jspecify.annotations.NullMarked;
