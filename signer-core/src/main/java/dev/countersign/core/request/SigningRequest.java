package dev.countersign.core.request;

import dev.countersign.core.decision.Hold;
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
/// @param transactionHash once signed: that of the first transaction, whatever replaced it
/// @param inclusion once mined as deep as its chain asks
/// @param failure once failed, expired, rejected or withdrawn: why, in words for the client
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
    Optional<String> failure) {

  /// @param rule the rules that make it wait
  /// @param reason what it waits for, in words for the client
  public record Holding(Hold.Kind kind, long policyVersion, String rule, String reason) {}

  /// @param payload the bytes whose Keccak-256 is signed
  public record Admission(Nonce nonce, Bytes payload, long policyVersion, String rule) {}

  /// @param rule the rule that decided, or `default-deny`
  public record Denial(long policyVersion, String rule, String reason) {}

  /// @param succeeded false when the transaction was mined but reverted
  public record Inclusion(long blockNumber, Digest32 blockHash, boolean succeeded) {}

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
