package dev.countersign.policy.document;

import dev.countersign.policy.approval.PolicyApprovers;
import dev.countersign.policy.approval.QuorumReader;
import dev.countersign.policy.rule.Demand;
import dev.countersign.policy.rule.DurationText;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.RuleContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads what a rule demands: `approvals` and `lifetime` of a rule that requires, `delay` of one
/// that delays.
final class DemandReader {
  static final String DELAY = "delay";
  static final String LIFETIME = "lifetime";
  static final List<String> KEYS = List.of(QuorumReader.KEY, LIFETIME, DELAY);

  /// How long approvers may take when a rule does not say.
  private static final Duration USUAL_LIFETIME = Duration.ofHours(24);

  private DemandReader() {}

  /// @return nothing for a rule that demands nothing, and when it is missing or wrong, which then
  /// is among the problems
  static Optional<Demand> read(RuleContext rule, PolicyApprovers approvers) {
    refuseUnless(Effect.REQUIRE, QuorumReader.KEY, rule);
    refuseUnless(Effect.REQUIRE, LIFETIME, rule);
    refuseUnless(Effect.DELAY, DELAY, rule);
    return switch (rule.effect()) {
      case ALLOW, DENY -> Optional.empty();
      case REQUIRE -> approvals(rule, approvers);
      case DELAY -> duration(rule, DELAY).map(Demand.Delay::new);
    };
  }

  private static void refuseUnless(Effect effect, String key, RuleContext rule) {
    if (rule.effect() != effect) {
      rule.sibling(key)
          .ifPresent(node -> rule.problem(node.at(), key, "only with `effect: " + effect + "`"));
    }
  }

  private static Optional<Demand> approvals(RuleContext rule, PolicyApprovers approvers) {
    Optional<Duration> lifetime =
        rule.sibling(LIFETIME).isPresent() ? duration(rule, LIFETIME) : Optional.of(USUAL_LIFETIME);
    return rule.fields()
        .require(QuorumReader.KEY, QuorumReader.FORM)
        .flatMap(
            value ->
                QuorumReader.read(
                    value,
                    rule.fields().path(QuorumReader.KEY),
                    approvers.groups(),
                    rule.fields().problems()))
        .flatMap(quorum -> lifetime.map(length -> new Demand.Approvals(quorum, length)));
  }

  private static Optional<Duration> duration(RuleContext rule, String key) {
    return rule.fields()
        .requireText(key, DurationText.FORM)
        .flatMap(text -> DurationText.read(text, key, rule));
  }
}
