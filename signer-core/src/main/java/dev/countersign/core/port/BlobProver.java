package dev.countersign.core.port;

import dev.countersign.core.evm.BlobProofs;
import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.model.Bytes;
import java.util.List;

/// Commits to blobs and proves the commitments (KZG, EIP-4844 and EIP-7594).
@FunctionalInterface
public interface BlobProver {

  /// Takes a tenth of a second or more for each blob, of one core.
  ///
  /// @param blobs 1 to [BlobSidecar#MOST_BLOBS] of [BlobSidecar#BLOB_SIZE] bytes, each 32 of them
  ///     below the modulus of BLS12-381's scalar field
  /// @throws dev.countersign.core.model.InvalidValueException when they are not; it says which
  /// @throws BlobProverUnavailableException when it cannot be done on this machine
  BlobSidecar prove(List<Bytes> blobs, BlobProofs proofs);
}
