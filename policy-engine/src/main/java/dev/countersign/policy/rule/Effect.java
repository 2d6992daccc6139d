package dev.countersign.policy.rule;

/// What a rule does to what it matches. Only one of them allows; the others restrict what it
/// allows.
public enum Effect {
  /// May be signed, unless another rule denies it, and once what others ask for is there.
  ALLOW,
  /// Is not signed, whatever else allows it.
  DENY,
  /// Is signed once the rule's approvers have approved it.
  REQUIRE,
  /// Is signed once the rule's delay is over.
  DELAY;

  /// Whether a rule says what it wants to be there first.
  public boolean isDemanding() {
    return this == REQUIRE || this == DELAY;
  }
}
