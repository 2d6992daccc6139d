package dev.countersign.policy.rule;

/// One condition of a rule. Immutable; the texts for people are made once, when the policy is read.
public sealed interface Criterion permits SubjectCriterion, ActionCriterion {

  /// The key it has in the document.
  String key();

  boolean holds(JudgedAction action);

  /// What would make it hold.
  String expected();

  /// What `action` has in its place; the same for every criterion of this key.
  String observed(JudgedAction action);
}
