/// `countersign chain`: the chains that are known, and whether a definition is true.
@NullMarked
package dev.countersign.cli.chain;

import org.jspecify.annotations.NullMarked;
