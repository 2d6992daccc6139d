package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.policy;

import java.util.List;

/// Criteria as a policy makes them.
final class CriterionSample {
  private CriterionSample() {}

  /// The criterion at `key` of a rule that allows, with these fields in it.
  static Criterion of(String key, String... fields) {
    return criteria(fields).stream()
        .filter(criterion -> criterion.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  static List<Criterion> criteria(String... fields) {
    return rule(fields).criteria();
  }

  static Rule rule(String... fields) {
    return policy(allowing(fields)).rules().getFirst();
  }
}
