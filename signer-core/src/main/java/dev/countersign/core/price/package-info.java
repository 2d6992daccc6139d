/// Prices of assets in currencies: signed by feeds, and dated.
@NullMarked
package dev.countersign.core.price;

import org.jspecify.annotations.NullMarked;
