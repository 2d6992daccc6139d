package dev.countersign.core.decision;

import java.util.List;

/// What policy says of one transaction.
public sealed interface Decision {
  /// The name given as the deciding rule when no rule allows.
  String DEFAULT_DENY = "default-deny";

  PolicyVersion policy();

  /// The rule that decided, or [#DEFAULT_DENY].
  String rule();

  /// What every rule of the policy made of it, in the policy's order.
  List<RuleOutcome> outcomes();

  /// @param observed what it was allowed on
  /// @param permit good once the transaction it was decided in is committed
  record Allowed(
      PolicyVersion policy,
      String rule,
      List<RuleOutcome> outcomes,
      Observed observed,
      Permit permit)
      implements Decision {
    public Allowed {
      outcomes = List.copyOf(outcomes);
    }
  }

  /// @param reason in words for the client, with what was expected and what was observed
  /// @param isUnjudged whether it could not be judged at all, such as after an error (invariant 6)
  record Denied(
      PolicyVersion policy,
      String rule,
      List<RuleOutcome> outcomes,
      String reason,
      boolean isUnjudged)
      implements Decision {
    /// By a rule, or for want of one.
    public Denied(PolicyVersion policy, String rule, List<RuleOutcome> outcomes, String reason) {
      this(policy, rule, outcomes, reason, false);
    }

    public Denied {
      outcomes = List.copyOf(outcomes);
    }
  }
}
