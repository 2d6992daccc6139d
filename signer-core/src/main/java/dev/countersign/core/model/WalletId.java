package dev.countersign.core.model;

/// A wallet's name for good: chosen when it is made, never reused.
public record WalletId(String value) implements Comparable<WalletId> {
  public WalletId {
    Slug.check("wallet", value);
  }

  @Override
  public int compareTo(WalletId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
