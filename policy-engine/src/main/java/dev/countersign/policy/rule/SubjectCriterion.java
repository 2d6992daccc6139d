package dev.countersign.policy.rule;

import dev.countersign.core.port.PolicySubject;

/// A criterion that needs no bytes: it tells ahead of judging whose limits may be touched.
public non-sealed interface SubjectCriterion extends Criterion {

  boolean holds(PolicySubject subject);

  String observed(PolicySubject subject);

  @Override
  default boolean holds(JudgedTransaction transaction) {
    return holds(transaction.subject());
  }

  @Override
  default String observed(JudgedTransaction transaction) {
    return observed(transaction.subject());
  }
}
