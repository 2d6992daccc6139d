package dev.countersign.core.port;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Judges transactions by the active policy, keeps the limits, issues the permits.
public interface PolicyEngine {

  /// Opens a session for these subjects: reads the active policy and locks every limit scope they
  /// can touch, in one global order, until `transaction` ends.
  PolicySession open(Transaction transaction, List<PolicySubject> subjects);

  /// One batch of judgements, in order; each sees what those before it reserved.
  interface PolicySession {

    /// Judges the decoded `payload`, and reserves limits when it allows. An error while judging is
    /// a denial that says so.
    ///
    /// @param subject one of those the session was opened for; another one is denied
    Decision judge(PolicySubject subject, Bytes payload);

    /// Writes decisions and reservations. Called once, as the last thing.
    void save();
  }

  /// What policy would say now; reads counters without locking them, consumes nothing.
  Forecast forecast(PolicySubject subject, Bytes payload);

  /// Takes held requests for which there is something to do, each for as long as `lease`, and
  /// leaves those to others that they have taken.
  List<Due> claimDue(Transaction transaction, Duration lease, int limit);

  /// A held request for which there is something to do.
  ///
  /// @param end nothing when it is to be judged again: all approvals are there, its time lock is
  ///     open, or the policy is another one since
  record Due(SigningRequestId request, Optional<HoldEnd> end) {}

  /// How waiting ended without a signature.
  sealed interface HoldEnd {
    String reason();

    /// Approvals came too late.
    record Expired(String reason) implements HoldEnd {}

    /// An approver said no.
    record Rejected(String reason) implements HoldEnd {}
  }

  /// It waits no longer: it is signed now, or never will be.
  void endHolds(Transaction transaction, Set<SigningRequestId> requests);

  /// The signature is there: what was reserved counts for good.
  void commit(Transaction transaction, Set<SigningRequestId> requests);

  /// It will never be signed: what was reserved is free again. Not for anything that was committed.
  void release(Transaction transaction, Set<SigningRequestId> requests);

  /// Makes permits anew from their stored decisions, for a process that lost them.
  Reissue reissue(Transaction transaction, List<Admitted> admitted);

  /// Those asked for that are in neither have no decision that still allows them.
  ///
  /// @param permits of those that were allowed for exactly this payload and are still reserved
  /// @param untrusted those whose stored decision has not the seal that this deployment would have
  /// put on it: somebody else wrote to the database, or this instance has another permit key
  record Reissue(List<Permit> permits, Set<SigningRequestId> untrusted) {
    public Reissue {
      permits = List.copyOf(permits);
      untrusted = Set.copyOf(untrusted);
    }
  }

  /// @param payload the bytes that were judged
  record Admitted(SigningRequestId request, Wallet wallet, Bytes payload) {}
}
