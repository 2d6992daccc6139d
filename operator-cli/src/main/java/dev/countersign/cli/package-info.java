/// The program `countersign`: its commands, its exit codes, and how it fails.
@NullMarked
package dev.countersign.cli;

import org.jspecify.annotations.NullMarked;
