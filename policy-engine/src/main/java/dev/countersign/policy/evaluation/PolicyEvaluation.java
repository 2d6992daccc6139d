package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.decision.Route;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.price.SignedPrice;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.rule.GasCostCriterion;
import dev.countersign.policy.rule.JudgedAction;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The rules of a policy on all that one payload does.
///
/// Every action is judged by itself, and counts before the next one is. If a rule that denies
/// matches one of them, or no rule allows one of them, the payload is denied. Else it is allowed,
/// once everything is there that any rule requires of any action.
///
/// A rule that allows matches when every criterion holds and every limit has room. A rule that
/// restricts matches when every criterion holds and, where it has limits, one of them has **no**
/// room: it begins where its limits end.
///
/// **Every rule whose criteria hold is charged**, also when another one allows too, so that a limit
/// counts all that its rule is about. The order of rules then changes nothing but which of them is
/// named as the one that decided, the first: nobody can widen a limit by moving a rule. Likewise
/// every rule that allows and matches has its say about the private relay.
final class PolicyEvaluation {
  private final PolicyDocument policy;
  private final SpendingView spending;
  private final Map<ScopeKey, Counted> charged = new LinkedHashMap<>();
  private final Set<Rule> demanding = new LinkedHashSet<>();
  private final Set<SignedPrice> prices = new LinkedHashSet<>();
  private Route route = Route.open();

  private PolicyEvaluation(PolicyDocument policy, SpendingView spending) {
    this.policy = policy;
    this.spending = spending;
  }

  /// @param actions at least one, the root first
  static Verdict of(PolicyDocument policy, List<JudgedAction> actions, SpendingView spending) {
    return new PolicyEvaluation(policy, spending).judge(actions);
  }

  private Verdict judge(List<JudgedAction> actions) {
    Optional<Rule> deciding = Optional.empty();
    for (JudgedAction action : actions) {
      Optional<Rule> allowing = Optional.empty();
      Map<ScopeKey, RollingLimit> touched = new LinkedHashMap<>();
      for (Rule rule : policy.index().candidates(action)) {
        RuleMatch match = RuleMatch.of(rule, action, this::spent);
        if (policy.prices().isPresent()) {
          prices.addAll(rule.prices(action));
        }
        if (match.isCounted()) {
          rule.limits().forEach(limit -> touched.put(RuleMatch.scope(rule, limit, action), limit));
        }
        if (match.isMatch()) {
          switch (rule.effect()) {
            case ALLOW -> {
              allowing = allowing.or(() -> Optional.of(rule));
              route = route.and(rule.route());
            }
            case DENY -> {
              return denied(rule.name(), action, outcomes -> Reasons.deniedBy(rule, action));
            }
            case REQUIRE, DELAY -> demanding.add(rule);
          }
        }
      }
      if (allowing.isEmpty()) {
        return denied(
            Decision.DEFAULT_DENY, action, outcomes -> Reasons.noRuleAllows(outcomes, action));
      }
      if (deciding.isEmpty()) {
        deciding = allowing;
      }
      touched.forEach((scope, limit) -> charge(scope, limit, action));
    }
    return allowed(deciding.orElseThrow(), actions.getFirst());
  }

  /// More than any limit leaves room for, and what the ledger can hold.
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  /// What this payload has put into a scope so far.
  private record Counted(RollingLimit limit, BigInteger amount) {}

  private BigInteger spent(ScopeKey scope) {
    Counted here = charged.get(scope);
    BigInteger before = spending.spent(scope);
    return here == null ? before : before.add(here.amount());
  }

  /// Of an amount that nobody can tell, nothing is charged: no rule allows it by this limit, and a
  /// rule that restricts has its effect on it.
  private void charge(ScopeKey scope, RollingLimit limit, JudgedAction action) {
    limit
        .of(action)
        .ifPresent(
            amount ->
                charged.merge(
                    scope,
                    new Counted(limit, amount),
                    (one, other) ->
                        new Counted(limit, one.amount().add(other.amount()).min(MOST))));
  }

  /// Explains it, by what every rule makes of the action that is in the way.
  private Verdict denied(
      String rule, JudgedAction action, Function<List<RuleOutcome>, String> reason) {
    List<RuleOutcome> outcomes = RuleMatch.outcomes(policy.rules(), action, this::spent);
    return new Verdict.Deny(rule, Reasons.worthTelling(outcomes), reason.apply(outcomes));
  }

  private static Optional<BigInteger> gasCap(Rule rule) {
    return rule.criteria().stream()
        .filter(GasCostCriterion.class::isInstance)
        .map(criterion -> ((GasCostCriterion) criterion).maximum())
        .findFirst();
  }

  private Verdict allowed(Rule rule, JudgedAction root) {
    List<Charge> charges = new ArrayList<>();
    List<LimitUse> uses = new ArrayList<>();
    charged.forEach(
        (scope, counted) -> {
          charges.add(new Charge(scope, counted.amount()));
          RollingLimit limit = counted.limit();
          BigInteger before = spending.spent(scope);
          uses.add(
              new LimitUse(
                  scope.text(),
                  limit.window(),
                  limit.maximum(),
                  before,
                  before.add(counted.amount())));
        });
    return new Verdict.Allow(
        rule.name(),
        Conditions.of(demanding),
        gasCap(rule),
        charges,
        new Observed(root.asset(), root.amount(), root.gasCost(), uses, List.copyOf(prices)),
        route);
  }
}
