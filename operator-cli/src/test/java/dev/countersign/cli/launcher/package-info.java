@NullMarked
package dev.countersign.cli.launcher;

import org.jspecify.annotations.NullMarked;
