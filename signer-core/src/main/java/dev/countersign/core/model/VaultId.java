package dev.countersign.core.model;

/// A vault's name for good: chosen when it is made, never reused.
public record VaultId(String value) implements Comparable<VaultId> {
  public VaultId {
    Slug.check("vault", value);
  }

  @Override
  public int compareTo(VaultId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
