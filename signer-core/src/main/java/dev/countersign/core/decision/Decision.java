package dev.countersign.core.decision;

import java.util.List;

/// What policy says of one transaction.
public sealed interface Decision {
  /// The name given as the deciding rule when no rule allows.
  String DEFAULT_DENY = "default-deny";

  /// The name given as the deciding rule when what is asked for is frozen.
  String FROZEN = "frozen";

  PolicyVersion policy();

  /// The rule that decided, or [#DEFAULT_DENY], or [#FROZEN].
  String rule();

  /// @param observed what it was allowed on
  /// @param permit good once the transaction it was decided in is committed
  /// @param route how it may get to its chain; of a message, and of what takes the place of another
  ///     transaction, nothing goes by it
  record Allowed(PolicyVersion policy, String rule, Observed observed, Permit permit, Route route)
      implements Decision {
    /// By the chain's nodes.
    public Allowed(PolicyVersion policy, String rule, Observed observed, Permit permit) {
      this(policy, rule, observed, permit, Route.open());
    }
  }

  /// Allowed once more is there. Nothing is reserved, and there is no permit.
  ///
  /// @param rule the rule that allows it
  record Held(PolicyVersion policy, String rule, Hold hold) implements Decision {}

  /// @param outcomes what rules made of what is in the way, in the policy's order
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
