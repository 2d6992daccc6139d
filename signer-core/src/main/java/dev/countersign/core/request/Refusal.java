package dev.countersign.core.request;

/// Why something that was asked never became a request. Not a denial: policy did not get to see it.
///
/// @param field the field of the question that is wrong, or empty
/// @param message what was wrong, what is expected, what to do
public record Refusal(Code code, String field, String message) {

  /// Stable names that clients may switch on.
  public enum Code {
    MALFORMED,
    TOO_LARGE,
    INVALID_ADDRESS,
    INVALID_AMOUNT,
    INVALID_CALL_DATA,
    /// A message that cannot be read to its end, or may not be signed in its form.
    INVALID_MESSAGE,
    /// A message says that it is for another chain than its request.
    CHAIN_MISMATCH,
    UNPROTECTED_LEGACY_TRANSACTION,
    UNSUPPORTED_TRANSACTION,
    /// Blobs that are none, or what was sent along is not what follows from them.
    INVALID_BLOBS,
    /// This machine cannot commit to blobs.
    BLOBS_UNAVAILABLE,
    UNKNOWN_WALLET,
    UNKNOWN_CHAIN,
    REQUEST_ID_REUSED,
    INSUFFICIENT_FUNDS,
    /// The wallet gives no nonce on this chain until something is mended; the message says what.
    LANE_PAUSED,
    /// As much of the wallet as the chain's nodes keep is not mined yet.
    LANE_FULL,
    /// Policy lets it go by a private relay alone, and the chain has none here.
    NO_PRIVATE_RELAY,
    UNUSABLE_FEES,
    /// The chain asks for more than the request may offer, at this moment.
    MARKET_ABOVE_CAP,
    SIMULATION_REVERTED,
    NODE_UNAVAILABLE,
    UNAUTHENTICATED,
    PERMISSION_DENIED,
    NOT_FOUND,
    ALREADY_EXISTS,
    /// An approver's decision that is worth nothing; it was not stored.
    APPROVAL_NOT_COUNTED,
    /// It does not wait, or no longer.
    NOT_PENDING,
    /// The lane is not paused.
    NOT_PAUSED,
    UNAVAILABLE,
    /// Not a refusal of what was asked, which has happened: of an answer without its proof.
    PROOF_PENDING,
    /// An entry of the audit log is in its archive, which the server cannot read.
    ARCHIVE_UNAVAILABLE,
    /// People have to approve of it first, and those who did are not enough.
    QUORUM_REQUIRED,
    /// Another policy is active than the one that was seen.
    STALE_ETAG,
    /// A document that cannot be a policy.
    INVALID_POLICY,
    /// Nobody could approve it, or too much waits already.
    PROPOSAL_IMPOSSIBLE,
    /// What a replacement would have to pay is more than it may.
    FEE_CAP_REACHED,
    /// Policy does not let it be replaced.
    REPLACEMENT_DENIED
  }

  /// Whether the same question may be answered later: its idempotency key is not used up.
  public boolean isRetryable() {
    return switch (code) {
      case INSUFFICIENT_FUNDS,
          LANE_PAUSED,
          LANE_FULL,
          NO_PRIVATE_RELAY,
          MARKET_ABOVE_CAP,
          SIMULATION_REVERTED,
          NODE_UNAVAILABLE,
          UNAVAILABLE,
          PROOF_PENDING,
          BLOBS_UNAVAILABLE,
          ARCHIVE_UNAVAILABLE ->
          true;
      case MALFORMED,
          TOO_LARGE,
          INVALID_ADDRESS,
          INVALID_AMOUNT,
          INVALID_CALL_DATA,
          INVALID_MESSAGE,
          CHAIN_MISMATCH,
          UNPROTECTED_LEGACY_TRANSACTION,
          UNSUPPORTED_TRANSACTION,
          INVALID_BLOBS,
          UNKNOWN_WALLET,
          UNKNOWN_CHAIN,
          REQUEST_ID_REUSED,
          UNUSABLE_FEES,
          UNAUTHENTICATED,
          PERMISSION_DENIED,
          NOT_FOUND,
          ALREADY_EXISTS,
          APPROVAL_NOT_COUNTED,
          NOT_PENDING,
          NOT_PAUSED,
          QUORUM_REQUIRED,
          STALE_ETAG,
          INVALID_POLICY,
          PROPOSAL_IMPOSSIBLE,
          FEE_CAP_REACHED,
          REPLACEMENT_DENIED ->
          false;
    };
  }
}
