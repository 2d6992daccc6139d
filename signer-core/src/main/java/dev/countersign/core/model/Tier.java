package dev.countersign.core.model;

/// How far a vault's keys are from the network.
public enum Tier {
  HOT,
  WARM,
  COLD
}
