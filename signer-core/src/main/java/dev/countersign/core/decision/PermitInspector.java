package dev.countersign.core.decision;

/// Tells whether a policy engine of this deployment issued a permit.
@FunctionalInterface
public interface PermitInspector {
  boolean isGenuine(Permit permit);
}
