package dev.countersign.policy.approval;

import dev.countersign.core.approval.RuleQuorum;
import java.time.Duration;

/// What a policy asks of the one that is to follow it.
///
/// @param quorum who has to approve
/// @param delay how long it waits once it is approved; whole seconds, zero for not at all
/// @param lifetime how long approvers may take; whole seconds
public record ChangeTerms(RuleQuorum quorum, Duration delay, Duration lifetime) {
  /// When a policy does not say.
  public static final Duration USUAL_LIFETIME = Duration.ofDays(7);
}
