/// An Ethereum development chain (anvil) as a process of ours, and what tests do to it over
/// JSON-RPC.
@NullMarked
package dev.countersign.testenv.chain;

import org.jspecify.annotations.NullMarked;
