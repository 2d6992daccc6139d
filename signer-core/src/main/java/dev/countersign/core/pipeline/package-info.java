/// The way of a request: admit, sign, settle. Two commits a batch, however many are in it.
@NullMarked
package dev.countersign.core.pipeline;

import org.jspecify.annotations.NullMarked;
