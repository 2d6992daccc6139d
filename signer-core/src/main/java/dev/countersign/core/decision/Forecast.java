package dev.countersign.core.decision;

import dev.countersign.core.approval.HiddenRoute;
import java.util.List;
import java.util.Optional;

/// What policy would say, for a dry run: nothing is reserved, and no permit comes of it.
///
/// @param allowed whether it would be signed at once
/// @param rule the rule that decides: where it would wait, the one that allows it
/// @param outcomes of a denial what rules make of the action that is in the way, else of what the
///     payload itself does; in the policy's order
/// @param reason why it would not be signed at once; empty when it would
/// @param awaited what has to be there first; nothing when it would be denied, or signed at once
/// @param actions all that it does, the payload itself first, with what rules make of each; empty
///     when it could not be judged at all
/// @param route that it would go to its chain by a private relay; nothing where it would go by the
///     nodes, would be denied, or is a message
public record Forecast(
    PolicyVersion policy,
    boolean allowed,
    String rule,
    List<RuleOutcome> outcomes,
    String reason,
    Optional<Awaited> awaited,
    List<ExplainedAction> actions,
    Optional<HiddenRoute> route) {
  /// Of what would go by the chain's nodes, if it would go at all.
  public Forecast(
      PolicyVersion policy,
      boolean allowed,
      String rule,
      List<RuleOutcome> outcomes,
      String reason,
      Optional<Awaited> awaited,
      List<ExplainedAction> actions) {
    this(policy, allowed, rule, outcomes, reason, awaited, actions, Optional.empty());
  }

  /// The same for what would go that way.
  public Forecast by(Optional<HiddenRoute> other) {
    return new Forecast(policy, allowed, rule, outcomes, reason, awaited, actions, other);
  }

  public Forecast {
    outcomes = List.copyOf(outcomes);
    actions = List.copyOf(actions);
    if (allowed && awaited.isPresent()) {
      throw new IllegalArgumentException("what waits is not signed at once");
    }
  }
}
