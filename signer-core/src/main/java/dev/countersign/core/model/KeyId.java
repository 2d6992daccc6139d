package dev.countersign.core.model;

/// A key's name inside its backend.
public record KeyId(String value) implements Comparable<KeyId> {
  public KeyId {
    Slug.check("key", value);
  }

  @Override
  public int compareTo(KeyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
