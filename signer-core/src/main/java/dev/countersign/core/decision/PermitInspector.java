package dev.countersign.core.decision;

/// Tells whether this process's policy engine issued a permit.
@FunctionalInterface
public interface PermitInspector {
  boolean isGenuine(Permit permit);
}
