/// EVM encoding and decoding: the only place that knows what transaction bytes mean.
@NullMarked
package dev.countersign.core.evm;

import org.jspecify.annotations.NullMarked;
