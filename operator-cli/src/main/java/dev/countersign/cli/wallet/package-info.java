/// `countersign wallet` and `countersign vault`.
@NullMarked
package dev.countersign.cli.wallet;

import org.jspecify.annotations.NullMarked;
