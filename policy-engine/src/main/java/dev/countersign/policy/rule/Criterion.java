package dev.countersign.policy.rule;

import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;

/// One condition of a rule. Immutable; the texts for people are made once, when the policy is read.
public sealed interface Criterion permits SubjectCriterion, TransactionCriterion {

  /// The key it has in the document.
  String key();

  boolean holds(JudgedTransaction transaction);

  /// What would make it hold.
  String expected();

  /// What `transaction` has in its place.
  String observed(JudgedTransaction transaction);

  default UnmetCriterion unmet(JudgedTransaction transaction) {
    return new UnmetCriterion(key(), expected(), observed(transaction));
  }
}
