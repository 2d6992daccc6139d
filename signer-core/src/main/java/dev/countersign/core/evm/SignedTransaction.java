package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;

/// A transaction as `eth_sendRawTransaction` takes it.
public record SignedTransaction(Bytes bytes) {

  /// Its name on the chain.
  public Digest32 hash() {
    return Keccak.hash(bytes.toArray());
  }
}
