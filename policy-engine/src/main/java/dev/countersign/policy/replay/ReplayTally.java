package dev.countersign.policy.replay;

import dev.countersign.policy.replay.ReplaySummary.Change;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// The numbers of a replay while it runs. Those of requests before the period do not count, but for
/// how many were judged.
final class ReplayTally {
  private final Instant countersFrom;
  private final Map<Change, Long> answers = new HashMap<>();
  private long warmedUp;
  private long heldOtherwise;
  private long feesUnknown;
  private long frozen;
  private long unjudged;
  private long unknownWallet;

  ReplayTally(Instant countersFrom) {
    this.countersFrom = countersFrom;
  }

  void warmedUp() {
    warmedUp++;
  }

  void judged(
      ReplayAnswer before, ReplayAnswer after, boolean isHeldOtherwise, boolean isFeesUnknown) {
    answers.merge(new Change(before, after), 1L, Long::sum);
    heldOtherwise += isHeldOtherwise ? 1 : 0;
    feesUnknown += isFeesUnknown ? 1 : 0;
  }

  void frozen(boolean counts) {
    frozen += counts ? 1 : 0;
  }

  void unjudged(boolean counts) {
    unjudged += counts ? 1 : 0;
  }

  void unknownWallet(boolean counts) {
    unknownWallet += counts ? 1 : 0;
  }

  ReplaySummary summary() {
    return new ReplaySummary(
        countersFrom,
        warmedUp,
        answers.values().stream().mapToLong(Long::longValue).sum(),
        answers,
        heldOtherwise,
        feesUnknown,
        frozen,
        unjudged,
        unknownWallet);
  }
}
