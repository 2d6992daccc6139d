/// How commands reach a running server, and what they learn from a sandbox's description of itself.
@NullMarked
package dev.countersign.cli.connection;

import org.jspecify.annotations.NullMarked;
