/// Follows what was sent until it is as deep in the chain as the chain's definition asks.
@NullMarked
package dev.countersign.nonce.tracking;

import org.jspecify.annotations.NullMarked;
