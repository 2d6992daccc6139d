package dev.countersign.policy.rule;

/// A criterion about the transaction's own bytes.
public non-sealed interface TransactionCriterion extends Criterion {}
