/// What people see while a command works.
@NullMarked
package dev.countersign.cli.terminal;

import org.jspecify.annotations.NullMarked;
