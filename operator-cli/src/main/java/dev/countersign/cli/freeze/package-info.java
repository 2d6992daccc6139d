/// `countersign freeze` and `countersign freezes`.
@NullMarked
package dev.countersign.cli.freeze;

import org.jspecify.annotations.NullMarked;
