@NullMarked
package dev.countersign.cli.connection;

import org.jspecify.annotations.NullMarked;
