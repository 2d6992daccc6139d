package dev.countersign.policy.store;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.PolicySubject;
import org.jspecify.annotations.Nullable;

/// A decision with what it was about.
///
/// @param payloadDigest the Keccak-256 of the bytes that were judged
public record StoredDecision(PolicySubject subject, Digest32 payloadDigest, Decision decision) {

  String state() {
    return switch (decision) {
      case Allowed allowed -> "RESERVED";
      case Denied denied -> "DENIED";
    };
  }

  /// Why not, as JSON; nothing of what was allowed.
  @Nullable String explanation() {
    return switch (decision) {
      case Allowed allowed -> null;
      case Denied denied -> Explanation.json(denied);
    };
  }

  /// That of the permit; nothing for what was denied.
  @Nullable Bytes seal(PermitMint mint) {
    return switch (decision) {
      case Allowed allowed -> mint.sealOf(allowed.permit());
      case Denied denied -> null;
    };
  }

  Bytes digestBytes() {
    return payloadDigest.bytes();
  }

  Wallet wallet() {
    return subject.wallet();
  }
}
