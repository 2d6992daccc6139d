package dev.countersign.core.request;

import dev.countersign.core.decision.Hold;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import java.time.Instant;
import java.util.Optional;

/// A request as it is stored.
///
/// @param digest of key and content, see [RequestContent#digest]
/// @param origin nothing when nobody knows
/// @param holding while it waits for approvals or for its time lock
/// @param admission once admitted
/// @param denial once denied: what policy said, as it was explained to the client
/// @param transactionHash once signed: that of the first transaction, whatever replaced it; nothing
///     of a message
/// @param inclusion once mined as deep as its chain asks
/// @param failure once failed, expired, rejected or withdrawn: why, in words for the client
/// @param signature of a message, once signed
public record SigningRequest(
    SigningRequestId id,
    IdempotencyKey key,
    Digest32 digest,
    RequestContent content,
    Optional<Origin> origin,
    RequestState state,
    Instant receivedAt,
    Instant updatedAt,
    Optional<Holding> holding,
    Optional<Admission> admission,
    Optional<Denial> denial,
    Optional<Digest32> transactionHash,
    Optional<Inclusion> inclusion,
    Optional<String> failure,
    Optional<RecoverableSignature> signature) {

  /// Without the signature of a message.
  public SigningRequest(
      SigningRequestId id,
      IdempotencyKey key,
      Digest32 digest,
      RequestContent content,
      Optional<Origin> origin,
      RequestState state,
      Instant receivedAt,
      Instant updatedAt,
      Optional<Holding> holding,
      Optional<Admission> admission,
      Optional<Denial> denial,
      Optional<Digest32> transactionHash,
      Optional<Inclusion> inclusion,
      Optional<String> failure) {
    this(
        id,
        key,
        digest,
        content,
        origin,
        state,
        receivedAt,
        updatedAt,
        holding,
        admission,
        denial,
        transactionHash,
        inclusion,
        failure,
        Optional.empty());
  }

  /// @param rule the rules that make it wait
  /// @param reason what it waits for, in words for the client
  public record Holding(Hold.Kind kind, long policyVersion, String rule, String reason) {}

  /// @param nonce nothing of a message
  /// @param payload the bytes whose Keccak-256 is signed
  public record Admission(Optional<Nonce> nonce, Bytes payload, long policyVersion, String rule) {
    /// Of a transaction.
    public Admission(Nonce nonce, Bytes payload, long policyVersion, String rule) {
      this(Optional.of(nonce), payload, policyVersion, rule);
    }
  }

  /// @param rule the rule that decided, or `default-deny`
  public record Denial(long policyVersion, String rule, String reason) {}

  /// @param succeeded false when the transaction was mined but reverted
  public record Inclusion(long blockNumber, Digest32 blockHash, boolean succeeded) {}

  /// Whether nothing can follow: it is at an end, or a message that is signed.
  public boolean isOver() {
    return isOver(state);
  }

  /// Whether nothing can follow once it is in `other`.
  public boolean isOver(RequestState other) {
    return other.isEnd() || (other == RequestState.SIGNED && content.isMessage());
  }

  /// This request, of a message, once its signature is durable.
  public SigningRequest signed(Instant at, RecoverableSignature of) {
    return new SigningRequest(
        id,
        key,
        digest,
        content,
        origin,
        RequestState.SIGNED,
        receivedAt,
        at,
        Optional.empty(),
        admission,
        denial,
        transactionHash,
        inclusion,
        failure,
        Optional.of(of));
  }

  /// This request once its signature is durable.
  public SigningRequest signed(Instant at, Digest32 hash) {
    return new SigningRequest(
        id,
        key,
        digest,
        content,
        origin,
        RequestState.SIGNED,
        receivedAt,
        at,
        Optional.empty(),
        admission,
        denial,
        Optional.of(hash),
        inclusion,
        failure);
  }

  /// This request once it failed.
  public SigningRequest failed(Instant at, String reason) {
    return new SigningRequest(
        id,
        key,
        digest,
        content,
        origin,
        RequestState.FAILED,
        receivedAt,
        at,
        Optional.empty(),
        admission,
        denial,
        transactionHash,
        inclusion,
        Optional.of(reason));
  }
}
