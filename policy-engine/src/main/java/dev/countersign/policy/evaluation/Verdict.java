package dev.countersign.policy.evaluation;

import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.util.List;

/// What a policy says of one transaction.
public sealed interface Verdict {

  /// The rule that decided, or [dev.countersign.core.decision.Decision#DEFAULT_DENY].
  String rule();

  /// What each rule made of it, in the order of the document.
  List<RuleOutcome> outcomes();

  /// @param charges what has to be reserved: each limit of every rule that matched
  /// @param observed the values it was allowed on
  record Allow(String rule, List<RuleOutcome> outcomes, List<Charge> charges, Observed observed)
      implements Verdict {
    public Allow {
      outcomes = List.copyOf(outcomes);
      charges = List.copyOf(charges);
    }
  }

  /// @param outcomes empty when the transaction could not be judged at all
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
