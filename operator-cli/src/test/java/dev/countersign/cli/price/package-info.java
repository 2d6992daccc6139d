/// Tests of `countersign price`.
@NullMarked
package dev.countersign.cli.price;

import org.jspecify.annotations.NullMarked;
