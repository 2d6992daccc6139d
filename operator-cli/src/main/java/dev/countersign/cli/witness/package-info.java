/// `countersign witness`: cosign the checkpoints of a log that only ever grows.
@NullMarked
package dev.countersign.cli.witness;

import org.jspecify.annotations.NullMarked;
