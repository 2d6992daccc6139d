package dev.countersign.core.model;

/// A key backend by the name the configuration gives it.
public record BackendName(String value) implements Comparable<BackendName> {
  public BackendName {
    Slug.check("key backend", value);
  }

  @Override
  public int compareTo(BackendName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
