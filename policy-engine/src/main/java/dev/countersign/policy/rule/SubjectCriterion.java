package dev.countersign.policy.rule;

import dev.countersign.core.port.PolicySubject;

/// A criterion that needs no bytes: it tells ahead of judging whose limits may be touched.
public non-sealed interface SubjectCriterion extends Criterion {

  boolean holds(PolicySubject subject);

  String observed(PolicySubject subject);

  @Override
  default boolean holds(JudgedAction action) {
    return holds(action.subject());
  }

  @Override
  default String observed(JudgedAction action) {
    return observed(action.subject());
  }
}
