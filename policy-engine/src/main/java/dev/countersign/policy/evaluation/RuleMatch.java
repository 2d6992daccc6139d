package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.policy.rule.Criterion;
import dev.countersign.policy.rule.Effect;
import dev.countersign.policy.rule.JudgedAction;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.ScopeKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one rule makes of one action.
///
/// @param isMatch whether the rule has its effect
/// @param isCounted whether the action counts in the rule's limits, if it is signed
record RuleMatch(boolean isMatch, boolean isCounted) {
  private static final RuleMatch NONE = new RuleMatch(false, false);
  private static final RuleMatch WITHIN_LIMITS = new RuleMatch(false, true);
  private static final RuleMatch WHOLE = new RuleMatch(true, true);

  static RuleMatch of(Rule rule, JudgedAction action, SpendingView spending) {
    if (!rule.isAbout(action)) {
      return NONE;
    }
    if (rule.limits().isEmpty()) {
      return WHOLE;
    }
    boolean hasRoom = full(rule, action, spending).isEmpty();
    if (rule.effect() == Effect.ALLOW) {
      return hasRoom ? WHOLE : NONE;
    }
    return hasRoom ? WITHIN_LIMITS : WHOLE;
  }

  /// The first limit without room for `action`.
  private static Optional<RollingLimit> full(
      Rule rule, JudgedAction action, SpendingView spending) {
    for (RollingLimit limit : rule.limits()) {
      if (!limit.hasRoom(spending.spent(scope(rule, limit, action)), action)) {
        return Optional.of(limit);
      }
    }
    return Optional.empty();
  }

  /// The same in words, for every rule in the order of the document.
  static List<RuleOutcome> outcomes(List<Rule> rules, JudgedAction action, SpendingView spending) {
    Map<String, String> observed = new HashMap<>();
    List<RuleOutcome> outcomes = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      outcomes.add(
          new RuleOutcome(
              rule.name(), rule.effect().name(), unmet(rule, action, spending, observed)));
    }
    return Collections.unmodifiableList(outcomes);
  }

  /// @param observed by the key of the criterion: what the action has there is put in words once,
  ///     however many rules expect something else
  private static Optional<UnmetCriterion> unmet(
      Rule rule, JudgedAction action, SpendingView spending, Map<String, String> observed) {
    for (Criterion criterion : rule.criteria()) {
      if (!criterion.holds(action)) {
        return Optional.of(
            new UnmetCriterion(
                criterion.key(), criterion.expected(), observed(criterion, action, observed)));
      }
    }
    if (rule.limits().isEmpty()) {
      return Optional.empty();
    }
    Optional<RollingLimit> full = full(rule, action, spending);
    if (rule.effect() == Effect.ALLOW) {
      return full.map(limit -> limit.unmet(spending.spent(scope(rule, limit, action)), action));
    }
    RollingLimit first = rule.limits().getFirst();
    return full.isPresent()
        ? Optional.empty()
        : Optional.of(first.room(spending.spent(scope(rule, first, action)), action));
  }

  private static String observed(
      Criterion criterion, JudgedAction action, Map<String, String> known) {
    return criterion.observesAlike()
        ? known.computeIfAbsent(criterion.key(), _ -> criterion.observed(action))
        : criterion.observed(action);
  }

  /// The rule's criteria hold by now, so its one asset is one of this chain.
  static ScopeKey scope(Rule rule, RollingLimit limit, JudgedAction action) {
    return limit.scope(rule.name(), action).orElseThrow();
  }
}
