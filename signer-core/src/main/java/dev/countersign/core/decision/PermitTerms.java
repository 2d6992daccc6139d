package dev.countersign.core.decision;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.replacement.Replacement;
import dev.countersign.core.request.SigningRequestId;
import java.util.List;
import java.util.Optional;

/// All that a permit binds together.
///
/// @param payload the bytes that policy judged, and whose Keccak-256 is signed
/// @param approvals the digests of the approvals that count for this request; none when it needs
/// none
/// @param replacement what it replaces; nothing for what was asked for itself
public record PermitTerms(
    SigningRequestId request,
    BackendName backend,
    KeyId key,
    Bytes payload,
    PolicyVersion policy,
    List<Digest32> approvals,
    Optional<Replacement> replacement) {
  public PermitTerms {
    approvals = List.copyOf(approvals);
  }

  /// For what was asked for itself.
  public PermitTerms(
      SigningRequestId request,
      BackendName backend,
      KeyId key,
      Bytes payload,
      PolicyVersion policy,
      List<Digest32> approvals) {
    this(request, backend, key, payload, policy, approvals, Optional.empty());
  }

  public Digest32 signingDigest() {
    return Keccak.hash(payload.toArray());
  }
}
