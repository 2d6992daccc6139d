@NullMarked
package dev.countersign.cli.witness;

import org.jspecify.annotations.NullMarked;
