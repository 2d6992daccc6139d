package dev.countersign.policy.replay;

import java.time.Instant;
import java.util.Map;

/// What came of a replay, in numbers.
///
/// @param countersFrom from when on the draft's limits counted; what was signed before counts for
///     nothing
/// @param warmedUp requests before the period, judged only for what they leave in the limits
/// @param judged requests of the period that were judged by the draft
/// @param answers of those, by what was said and what the draft says
/// @param heldOtherwise of those that wait both times, how many wait for something else
/// @param feesUnknown of those judged, how many of which the gas costs are not known
/// @param frozen left out, since a freeze denied them whatever the policy
/// @param unjudged left out, since no policy ever judged them
/// @param unknownWallet left out, since their wallet cannot be found
public record ReplaySummary(
    Instant countersFrom,
    long warmedUp,
    long judged,
    Map<Change, Long> answers,
    long heldOtherwise,
    long feesUnknown,
    long frozen,
    long unjudged,
    long unknownWallet) {
  public ReplaySummary {
    answers = Map.copyOf(answers);
  }

  /// What was said, and what the draft says.
  public record Change(ReplayAnswer before, ReplayAnswer after) {}
}
