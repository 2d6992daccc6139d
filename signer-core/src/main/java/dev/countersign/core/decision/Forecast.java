package dev.countersign.core.decision;

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
public record Forecast(
    PolicyVersion policy,
    boolean allowed,
    String rule,
    List<RuleOutcome> outcomes,
    String reason,
    Optional<Awaited> awaited,
    List<ExplainedAction> actions) {
  public Forecast {
    outcomes = List.copyOf(outcomes);
    actions = List.copyOf(actions);
    if (allowed && awaited.isPresent()) {
      throw new IllegalArgumentException("what waits is not signed at once");
    }
  }
}
