package dev.countersign.policy.shadow;

import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.replay.ReplayAnswer;
import dev.countersign.policy.replay.ReplayDifference;
import java.time.Instant;

/// A request of which the draft would have said something else, as it is stored; see
/// [ReplayDifference].
public record ShadowDifference(
    SigningRequestId request,
    Instant at,
    ReplayAnswer before,
    String beforeRule,
    ReplayAnswer after,
    String afterRule,
    String reason,
    boolean feesUnknown) {

  static ShadowDifference of(ReplayDifference difference) {
    return new ShadowDifference(
        difference.request().id(),
        difference.at(),
        difference.before(),
        difference.beforeRule(),
        difference.after(),
        difference.afterRule(),
        difference.reason(),
        difference.feesUnknown());
  }
}
