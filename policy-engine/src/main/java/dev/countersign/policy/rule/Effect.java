package dev.countersign.policy.rule;

/// What a rule does to what it matches.
public enum Effect {
  ALLOW,
  DENY
}
