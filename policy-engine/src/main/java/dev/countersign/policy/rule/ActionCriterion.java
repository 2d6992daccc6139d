package dev.countersign.policy.rule;

/// A criterion about what an action does.
public non-sealed interface ActionCriterion extends Criterion {}
