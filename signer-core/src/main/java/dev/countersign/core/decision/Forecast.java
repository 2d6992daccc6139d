package dev.countersign.core.decision;

import java.util.List;

/// What policy would say, for a dry run: nothing is reserved, and no permit comes of it.
///
/// @param reason why not, or empty when it would be allowed
public record Forecast(
    PolicyVersion policy, boolean allowed, String rule, List<RuleOutcome> outcomes, String reason) {
  public Forecast {
    outcomes = List.copyOf(outcomes);
  }
}
