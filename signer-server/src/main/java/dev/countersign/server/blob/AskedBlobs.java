package dev.countersign.server.blob;

import dev.countersign.core.evm.AccessList;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wei;
import java.util.List;
import java.util.Optional;

/// Blobs as a client sends them. What follows from them it may leave out; what it sends all the
/// same has to be what is found here.
///
/// @param maxFee the most per unit of blob gas; nothing to have it found
public record AskedBlobs(
    AccessList accessList,
    List<Bytes> blobs,
    Optional<Wei> maxFee,
    List<Bytes> versionedHashes,
    List<Bytes> commitments,
    List<Bytes> proofs) {
  public AskedBlobs {
    blobs = List.copyOf(blobs);
    versionedHashes = List.copyOf(versionedHashes);
    commitments = List.copyOf(commitments);
    proofs = List.copyOf(proofs);
  }
}
