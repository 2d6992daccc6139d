package dev.countersign.policy.rule;

/// One condition of a rule. Immutable; the texts for people are made once, when the policy is read.
public sealed interface Criterion permits SubjectCriterion, ActionCriterion {

  /// The key it has in the document.
  String key();

  boolean holds(JudgedAction action);

  /// The same, ahead of judging: true where it could hold once everything is known.
  default boolean mayHold(JudgedAction action) {
    return holds(action);
  }

  /// Whether what is [#observed] is the same for every criterion of this key.
  default boolean observesAlike() {
    return true;
  }

  /// Whether it depends on the time of judging.
  default boolean isTimed() {
    return false;
  }

  /// What would make it hold.
  String expected();

  /// What `action` has in its place.
  String observed(JudgedAction action);
}
