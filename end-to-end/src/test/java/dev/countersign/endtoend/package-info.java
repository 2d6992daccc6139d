/// Scenarios against the server as a process of its own, with a real database, token and chain.
@NullMarked
package dev.countersign.endtoend;

import org.jspecify.annotations.NullMarked;
