package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.rule.Criterion;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.JudgedTransaction;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All rules of a policy on one transaction.
///
/// A rule matches when every criterion holds and every limit has room. If a rule that denies
/// matches, it is denied. Else, if a rule that allows matches, it is allowed. Else it is denied.
///
/// When several rules that allow match, **each of them is charged**, so that a limit counts all
/// that its rule would let through and not only what no earlier rule took. The order of rules then
/// changes nothing but which of them is named as the one that decided, the first: nobody can widen
/// a limit by moving a rule. A rule that has no room left does not match, and does not stop another
/// from allowing: what is to hold for all goes into each of them.
final class PolicyEvaluation {
  private final JudgedTransaction transaction;
  private final SpendingView spending;
  private final List<RuleOutcome> outcomes = new ArrayList<>();
  private final List<Charge> charges = new ArrayList<>();
  private final List<LimitUse> uses = new ArrayList<>();
  private Optional<Rule> denying = Optional.empty();
  private Optional<Rule> allowing = Optional.empty();

  private PolicyEvaluation(JudgedTransaction transaction, SpendingView spending) {
    this.transaction = transaction;
    this.spending = spending;
  }

  static Verdict of(PolicyDocument policy, JudgedTransaction transaction, SpendingView spending) {
    PolicyEvaluation evaluation = new PolicyEvaluation(transaction, spending);
    policy.rules().forEach(evaluation::apply);
    return evaluation.verdict();
  }

  private void apply(Rule rule) {
    Optional<UnmetCriterion> unmet = firstUnmet(rule);
    outcomes.add(new RuleOutcome(rule.name(), rule.effect().name(), unmet));
    if (unmet.isPresent()) {
      return;
    }
    if (rule.effect() == Effect.DENY) {
      denying = denying.or(() -> Optional.of(rule));
    } else {
      allowing = allowing.or(() -> Optional.of(rule));
      rule.limits().forEach(limit -> charge(scope(rule, limit), limit));
    }
  }

  private void charge(ScopeKey scope, RollingLimit limit) {
    BigInteger amount = limit.of(transaction);
    charges.add(new Charge(scope, amount));
    BigInteger before = spending.spent(scope);
    uses.add(
        new LimitUse(scope.text(), limit.window(), limit.maximum(), before, before.add(amount)));
  }

  private Optional<UnmetCriterion> firstUnmet(Rule rule) {
    for (Criterion criterion : rule.criteria()) {
      if (!criterion.holds(transaction)) {
        return Optional.of(criterion.unmet(transaction));
      }
    }
    for (RollingLimit limit : rule.limits()) {
      BigInteger spent = spending.spent(scope(rule, limit));
      BigInteger amount = limit.of(transaction);
      if (!limit.hasRoom(spent, amount)) {
        return Optional.of(limit.unmet(spent, amount));
      }
    }
    return Optional.empty();
  }

  /// The rule's asset criterion holds by now, so its one asset is one of this chain.
  private ScopeKey scope(Rule rule, RollingLimit limit) {
    return limit.scope(rule.name(), transaction.subject()).orElseThrow();
  }

  private Verdict verdict() {
    if (denying.isPresent()) {
      return new Verdict.Deny(denying.get().name(), outcomes, Reasons.deniedBy(denying.get()));
    }
    if (allowing.isPresent()) {
      return new Verdict.Allow(
          allowing.get().name(),
          outcomes,
          charges,
          new Observed(transaction.asset(), transaction.amount(), transaction.gasCost(), uses));
    }
    return new Verdict.Deny(Decision.DEFAULT_DENY, outcomes, Reasons.noRuleAllows(outcomes));
  }
}
