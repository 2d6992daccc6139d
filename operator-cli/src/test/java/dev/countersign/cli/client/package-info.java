/// Tests of what clients of a server show to be let in.
@NullMarked
package dev.countersign.cli.client;

import org.jspecify.annotations.NullMarked;
