package dev.countersign.cosigner.judge;

import dev.countersign.core.model.Digest32;

/// What a cosigner has found of an order.
public sealed interface Judgement {

  /// It takes part.
  ///
  /// @param digest of the order's request, which the judge has worked out itself: this and nothing
  /// else is signed
  record Allowed(Digest32 digest) implements Judgement {}

  /// It takes no part.
  ///
  /// @param detail for people
  record Refused(Reason reason, String detail) implements Judgement {}

  /// Why a cosigner takes no part.
  enum Reason {
    /// Nobody has told this cosigner how to judge.
    NO_JUDGE,
    /// The request or the evidence cannot be read.
    MALFORMED,
    /// The key or the path is not that of the request's wallet.
    WRONG_KEY,
    /// The permit is not one, or for something else.
    PERMIT,
    /// Approvals are missing, or not those of this request.
    APPROVALS,
    /// The policy is not the one that this cosigner has accepted.
    POLICY,
    /// A limit would be exceeded.
    LIMIT,
    /// Something is frozen.
    FROZEN,
    /// The log has no entry of the request.
    NOT_IN_LOG,
    /// This order was signed before.
    REPEATED,
    /// What is needed to judge cannot be reached.
    UNAVAILABLE
  }
}
