package dev.countersign.policy.evaluation;

import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.HiddenRoute;
import dev.countersign.core.decision.Awaited;
import dev.countersign.core.decision.Awaited.Demanded;
import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.Demand;
import dev.countersign.policy.rule.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A verdict in full, for whoever wants to understand it.
public final class PolicyForecast {
  private PolicyForecast() {}

  /// What `policy` would say, whatever is frozen.
  ///
  /// @param version what the policy is called in the answer
  /// @param spending what the limits hold
  public static Forecast of(
      PolicyVersion version,
      PolicyDocument policy,
      PolicySubject subject,
      Bytes payload,
      SpendingView spending) {
    return of(
        version,
        policy,
        subject,
        payload,
        spending,
        PolicyJudge.judge(policy, subject, payload, spending));
  }

  /// The same for a verdict that was found already.
  public static Forecast of(
      PolicyVersion version,
      PolicyDocument policy,
      PolicySubject subject,
      Bytes payload,
      SpendingView spending,
      Verdict verdict) {
    return switch (verdict) {
      case Verdict.Deny deny ->
          denied(
              version,
              deny,
              deny.isUnjudged()
                  ? List.of()
                  : PolicyJudge.explainActions(policy, subject, payload, spending));
      case Verdict.Allow allow ->
          allowed(
              version,
              allow,
              subject,
              policy.approvers().registry(),
              PolicyJudge.explain(policy, subject, payload, spending),
              PolicyJudge.explainActions(policy, subject, payload, spending));
    };
  }

  /// A denial by something that stands above the rules, or for want of a policy.
  public static Forecast denied(
      PolicyVersion version, Verdict.Deny deny, List<ExplainedAction> actions) {
    return new Forecast(
        version, false, deny.rule(), deny.outcomes(), deny.reason(), Optional.empty(), actions);
  }

  private static Forecast allowed(
      PolicyVersion version,
      Verdict.Allow allow,
      PolicySubject subject,
      ApproverRegistry registry,
      List<RuleOutcome> outcomes,
      List<ExplainedAction> actions) {
    Conditions conditions = allow.conditions();
    Optional<HiddenRoute> route =
        subject.content().isMessage() ? Optional.empty() : HiddenRoute.of(allow.route());
    if (conditions.isNone()) {
      return new Forecast(version, true, allow.rule(), outcomes, "", Optional.empty(), actions)
          .by(route);
    }
    Awaited awaited =
        new Awaited(
            conditions.rules().stream().map(PolicyForecast::demanded).toList(),
            conditions.quorum(),
            conditions.lifetime(),
            conditions.delay(),
            registry.personsOf(subject.initiator()));
    if (!awaited.isPossible()) {
      return new Forecast(
          version,
          false,
          conditions.ruleNames().getFirst(),
          outcomes,
          "those who may approve it are too few without whoever asked: "
              + awaited.quorum().orElseThrow().words(),
          Optional.empty(),
          actions);
    }
    return new Forecast(
            version, false, allow.rule(), outcomes, awaited.words(), Optional.of(awaited), actions)
        .by(route);
  }

  private static Demanded demanded(Rule rule) {
    return switch (rule.demand().orElseThrow()) {
      case Demand.Approvals(var quorum, Duration lifetime) ->
          new Demanded(rule.name(), Optional.of(quorum), lifetime, Duration.ZERO);
      case Demand.Delay(Duration length) ->
          new Demanded(rule.name(), Optional.empty(), Duration.ZERO, length);
    };
  }
}
