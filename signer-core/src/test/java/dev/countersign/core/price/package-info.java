/// Tests of prices.
@NullMarked
package dev.countersign.core.price;

import org.jspecify.annotations.NullMarked;
