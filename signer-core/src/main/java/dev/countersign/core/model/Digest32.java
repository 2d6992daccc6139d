package dev.countersign.core.model;

/// A 32-byte hash.
public record Digest32(Bytes bytes) {
  public static final int SIZE = 32;

  public Digest32 {
    if (bytes.size() != SIZE) {
      throw InvalidValueException.of("digest", bytes.hex(), "32 bytes");
    }
  }

  public static Digest32 of(byte[] bytes) {
    return new Digest32(Bytes.of(bytes));
  }

  public static Digest32 fromHex(String text) {
    return new Digest32(Bytes.fromHex(text));
  }

  public String hex() {
    return bytes.hex();
  }

  @Override
  public String toString() {
    return hex();
  }
}
