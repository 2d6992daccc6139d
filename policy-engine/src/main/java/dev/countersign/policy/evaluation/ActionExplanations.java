package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.ExplainedAction;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.JudgedAction;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What every rule makes of every action of a payload: each is looked at as if those before it were
/// signed, also where one of them is denied.
final class ActionExplanations {
  private final PolicyDocument policy;
  private final SpendingView spending;
  private final Map<ScopeKey, BigInteger> charged = new HashMap<>();

  private ActionExplanations(PolicyDocument policy, SpendingView spending) {
    this.policy = policy;
    this.spending = spending;
  }

  static List<ExplainedAction> of(
      PolicyDocument policy, List<JudgedAction> actions, SpendingView spending) {
    ActionExplanations explanations = new ActionExplanations(policy, spending);
    return actions.stream().map(explanations::explain).toList();
  }

  private BigInteger spent(ScopeKey scope) {
    return spending.spent(scope).add(charged.getOrDefault(scope, BigInteger.ZERO));
  }

  private ExplainedAction explain(JudgedAction action) {
    Map<ScopeKey, BigInteger> counted = new LinkedHashMap<>();
    List<LimitUse> uses = new ArrayList<>();
    Set<PriceStatement> prices = new LinkedHashSet<>();
    for (Rule rule : policy.index().candidates(action)) {
      if (policy.prices().isPresent()) {
        rule.prices(action).forEach(price -> prices.add(price.statement()));
      }
      if (rule.isAbout(action)) {
        boolean counts = RuleMatch.of(rule, action, this::spent).isCounted();
        for (RollingLimit limit : rule.limits()) {
          ScopeKey scope = RuleMatch.scope(rule, limit, action);
          BigInteger before = spent(scope);
          Optional<BigInteger> known = limit.of(action);
          if (known.isEmpty()) {
            continue; // What the rule makes of it says that there is no price.
          }
          BigInteger amount = known.get();
          uses.add(
              new LimitUse(
                  scope.text(), limit.window(), limit.maximum(), before, before.add(amount)));
          if (counts) {
            counted.put(scope, amount);
          }
        }
      }
    }
    ExplainedAction explained =
        new ExplainedAction(
            action.isRoot() ? "" : action.action().pathText(),
            action.operation().toString(),
            action.owner(),
            action.asset(),
            action.amount(),
            action.destination(),
            action.gasCost(),
            Reasons.worthTelling(RuleMatch.outcomes(policy.rules(), action, this::spent)),
            uses,
            List.copyOf(prices));
    counted.forEach((scope, amount) -> charged.merge(scope, amount, BigInteger::add));
    return explained;
  }
}
