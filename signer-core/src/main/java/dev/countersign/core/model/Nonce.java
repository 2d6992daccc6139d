package dev.countersign.core.model;

/// The number of an account's transaction, 0 to 2^63-1 (EIP-2681 allows up to 2^64-2).
public record Nonce(long value) implements Comparable<Nonce> {
  public Nonce {
    if (value < 0) {
      throw InvalidValueException.of("nonce", Long.toString(value), "0 or more");
    }
  }

  public Nonce next() {
    return new Nonce(Math.addExact(value, 1));
  }

  @Override
  public int compareTo(Nonce other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
