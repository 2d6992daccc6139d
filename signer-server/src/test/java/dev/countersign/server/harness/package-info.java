/// A whole server in this process, for tests.
@NullMarked
package dev.countersign.server.harness;

import org.jspecify.annotations.NullMarked;
