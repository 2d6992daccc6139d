/// What the pipeline needs from the features; each port's doc is its contract.
@NullMarked
package dev.countersign.core.port;

import org.jspecify.annotations.NullMarked;
