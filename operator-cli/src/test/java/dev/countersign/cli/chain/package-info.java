@NullMarked
package dev.countersign.cli.chain;

import org.jspecify.annotations.NullMarked;
