/// The way of a request: admit, sign, settle; in batches, two commits a batch.
@NullMarked
package dev.countersign.core.pipeline;

import org.jspecify.annotations.NullMarked;
