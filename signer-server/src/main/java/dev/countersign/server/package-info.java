/// The server's process.
@NullMarked
package dev.countersign.server;

import org.jspecify.annotations.NullMarked;
