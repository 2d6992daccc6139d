package dev.countersign.core.model;

/// A client by the name its certificate is registered under.
public record ClientId(String value) implements Comparable<ClientId> {
  public ClientId {
    Slug.check("client", value);
  }

  @Override
  public int compareTo(ClientId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
