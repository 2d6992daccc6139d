/// The nodes of a chain: JSON-RPC in batches, over one endpoint after the other until one answers,
/// or over all of them where a quorum decides.
@NullMarked
package dev.countersign.nonce.node;

import org.jspecify.annotations.NullMarked;
