package dev.countersign.nonce.broadcast;

import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.SigningRequestId;
import java.util.Optional;
import java.util.OptionalLong;

/// Signed bytes that this instance is to send now.
///
/// @param payload which payload of its nonce: 0 is the original
/// @param attempts sends in a row before this one that no node has taken
/// @param taken whether a node has taken some payload of its nonce before, and it is not mined all
/// the same
/// @param hidden that it goes by the private relay alone; nothing when it goes by the nodes
record DueTransaction(
    SigningRequestId request,
    Lane lane,
    Nonce nonce,
    SignedTransaction transaction,
    Digest32 hash,
    int payload,
    int attempts,
    boolean taken,
    Optional<Hidden> hidden) {

  /// Whether it is sent with blobs around it.
  boolean hasBlobs() {
    return BlobSidecar.isAround(transaction);
  }

  /// On what terms it is hidden.
  ///
  /// @param publicAfter after how many blocks it may go by the nodes
  /// @param since the newest block when it was first given to the relay
  record Hidden(OptionalLong publicAfter, OptionalLong since) {}
}
