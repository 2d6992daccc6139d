package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import java.util.Optional;

/// A transaction with its signature, as it is in a block. `eth_sendRawTransaction` takes it so,
/// but for its blobs, which [BlobSidecar] puts around it.
public record SignedTransaction(Bytes bytes) {

  /// Its name on the chain.
  public Digest32 hash() {
    return Keccak.hash(bytes.toArray());
  }

  /// Its fields and its signature; nothing when the bytes are not how any transaction is encoded.
  public Optional<SignedFields> read() {
    return SignedFields.read(bytes);
  }
}
