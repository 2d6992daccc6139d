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
/// @param rule the rule that allowed it, whose caps bind what replaces it later; nothing of a
///     replacement, and of what was sealed before seals held it
public record PermitTerms(
    SigningRequestId request,
    BackendName backend,
    KeyId key,
    Bytes payload,
    PolicyVersion policy,
    List<Digest32> approvals,
    Optional<Replacement> replacement,
    Optional<String> rule) {
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
    this(request, backend, key, payload, policy, approvals, Optional.empty(), Optional.empty());
  }

  /// For what takes the place of another payload.
  public PermitTerms replacing(Replacement what) {
    return new PermitTerms(
        request, backend, key, payload, policy, approvals, Optional.of(what), rule);
  }

  /// The same, allowed by that rule.
  public PermitTerms by(String allowing) {
    return new PermitTerms(
        request, backend, key, payload, policy, approvals, replacement, Optional.of(allowing));
  }

  public Digest32 signingDigest() {
    return Keccak.hash(payload.toArray());
  }
}
