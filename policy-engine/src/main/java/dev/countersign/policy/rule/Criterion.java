package dev.countersign.policy.rule;

import dev.countersign.core.price.SignedPrice;
import java.util.List;
import java.util.Optional;

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

  /// The prices that it compares by; none where it needs none, or has none.
  default List<SignedPrice> prices(JudgedAction action) {
    return List.of();
  }

  /// Why it cannot tell what an amount is worth; nothing where it can, or need not.
  default Optional<String> unpriced(JudgedAction action) {
    return Optional.empty();
  }

  /// What would make it hold.
  String expected();

  /// What `action` has in its place.
  String observed(JudgedAction action);
}
