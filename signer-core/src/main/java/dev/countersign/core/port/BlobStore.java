package dev.countersign.core.port;

import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.request.SigningRequestId;
import java.util.Optional;

/// The blobs of requests, from when one is stored until it is over: a node needs them until the
/// transaction is mined for good, and nobody after that. [RequestLedger#register] stores them.
@FunctionalInterface
public interface BlobStore {
  /// No request has blobs.
  BlobStore NONE = _ -> Optional.empty();

  /// @return nothing when it never had any, or is over
  Optional<BlobSidecar> find(SigningRequestId request);
}
