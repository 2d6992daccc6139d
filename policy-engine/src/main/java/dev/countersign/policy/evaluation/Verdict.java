package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.Route;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// What a policy says of one transaction.
public sealed interface Verdict {

  /// The rule that decided, or [dev.countersign.core.decision.Decision#DEFAULT_DENY].
  String rule();

  /// @param rule the first that allows what the payload itself does
  /// @param conditions what has to be there before it is signed
  /// @param gasCap what that rule lets gas cost, in wei, where it says it
  /// @param charges what has to be reserved, one for each scope
  /// @param observed the values it was allowed on
  /// @param route how it may get to its chain
  record Allow(
      String rule,
      Conditions conditions,
      Optional<BigInteger> gasCap,
      List<Charge> charges,
      Observed observed,
      Route route)
      implements Verdict {
    public Allow {
      charges = List.copyOf(charges);
    }

    /// Where how it gets to its chain is said already.
    public Allow(
        String rule,
        Conditions conditions,
        Optional<BigInteger> gasCap,
        List<Charge> charges,
        Observed observed) {
      this(rule, conditions, gasCap, charges, observed, Route.open());
    }
  }

  /// @param outcomes what rules made of the action that is in the way, in the order of the
  /// document; empty when it could not be judged at all
  /// @param isUnjudged whether that is so
  record Deny(String rule, List<RuleOutcome> outcomes, String reason, boolean isUnjudged)
      implements Verdict {
    /// By a rule, or for want of one.
    public Deny(String rule, List<RuleOutcome> outcomes, String reason) {
      this(rule, outcomes, reason, false);
    }

    public Deny {
      outcomes = List.copyOf(outcomes);
    }
  }

  /// An amount to count in a scope.
  record Charge(ScopeKey scope, BigInteger amount) {}
}
