@NullMarked
package dev.countersign.cli.terminal;

import org.jspecify.annotations.NullMarked;
