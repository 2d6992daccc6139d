package dev.countersign.policy.rule;

import java.util.List;

/// A rule of a policy: all of its criteria hold, or it does not match.
///
/// @param description for people, or empty
/// @param criteria in the order in which they are judged
/// @param limits of a rule that allows; they are judged last
public record Rule(
    String name,
    Effect effect,
    String description,
    List<Criterion> criteria,
    List<RollingLimit> limits) {
  public Rule {
    criteria = List.copyOf(criteria);
    limits = List.copyOf(limits);
  }
}
