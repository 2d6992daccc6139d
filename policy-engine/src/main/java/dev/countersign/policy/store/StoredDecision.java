package dev.countersign.policy.store;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.decision.Decision.Denied;
import dev.countersign.core.decision.Decision.Held;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.PolicySubject;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A decision with what it was about.
///
/// @param payloadDigest the Keccak-256 of the bytes that were judged
public record StoredDecision(PolicySubject subject, Digest32 payloadDigest, Decision decision) {

  String state() {
    return switch (decision) {
      case Allowed allowed -> "RESERVED";
      case Denied denied -> "DENIED";
      case Held held -> throw undecided();
    };
  }

  /// Why not, as JSON; nothing of what was allowed.
  @Nullable String explanation() {
    return switch (decision) {
      case Allowed allowed -> null;
      case Denied denied -> Explanation.json(denied);
      case Held held -> throw undecided();
    };
  }

  /// That of the permit; nothing for what was denied.
  @Nullable Bytes seal(PermitMint mint) {
    return switch (decision) {
      case Allowed allowed -> mint.sealOf(allowed.permit());
      case Denied denied -> null;
      case Held held -> throw undecided();
    };
  }

  /// The digests of the approvals that count, one after the other.
  Bytes approvals() {
    return switch (decision) {
      case Allowed allowed -> {
        List<Digest32> digests = allowed.permit().terms().approvals();
        ByteBuffer all = ByteBuffer.allocate(digests.size() * Digest32.SIZE);
        digests.forEach(digest -> all.put(digest.bytes().toArray()));
        yield Bytes.of(all.array());
      }
      case Denied denied -> Bytes.EMPTY;
      case Held held -> throw undecided();
    };
  }

  /// The other way.
  static List<Digest32> approvals(Bytes digests) {
    return IntStream.range(0, digests.size() / Digest32.SIZE)
        .mapToObj(i -> digests.slice(i * Digest32.SIZE, (i + 1) * Digest32.SIZE))
        .map(bytes -> Digest32.of(bytes.toArray()))
        .toList();
  }

  private static IllegalStateException undecided() {
    return new IllegalStateException("what is held is not decided yet");
  }

  Bytes digestBytes() {
    return payloadDigest.bytes();
  }

  Wallet wallet() {
    return subject.wallet();
  }
}
