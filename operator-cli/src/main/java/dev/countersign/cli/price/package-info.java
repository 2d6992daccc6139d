/// `countersign price`: what assets are worth, signed by a feed's key.
@NullMarked
package dev.countersign.cli.price;

import org.jspecify.annotations.NullMarked;
