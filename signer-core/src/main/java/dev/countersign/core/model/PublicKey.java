package dev.countersign.core.model;

import org.jspecify.annotations.Nullable;

/// A point of secp256k1 in uncompressed form: 0x04, x, y (SEC 1, section 2.3.3), 65 bytes.
public final class PublicKey {
  private static final int SIZE = 65;

  private final Bytes uncompressed;

  /// Kept once it was asked for: judging a request asks several times. Threads that race here find
  /// the same address.
  private @Nullable Address address;

  public PublicKey(Bytes uncompressed) {
    if (uncompressed.size() != SIZE || uncompressed.get(0) != 4) {
      throw InvalidValueException.of(
          "public key", uncompressed.hex(), "65 bytes that start with 0x04");
    }
    this.uncompressed = uncompressed;
  }

  public Bytes uncompressed() {
    return uncompressed;
  }

  /// The account of this key: the last 20 bytes of the Keccak-256 of x and y.
  public Address address() {
    Address known = address;
    if (known == null) {
      Bytes hash = Keccak.hash(uncompressed.slice(1, SIZE).toArray()).bytes();
      known = Address.of(hash.slice(12, 32));
      address = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && uncompressed.equals(key.uncompressed);
  }

  @Override
  public int hashCode() {
    return uncompressed.hashCode();
  }

  /// `PublicKey[uncompressed=0x…]`
  @Override
  public String toString() {
    return "PublicKey[uncompressed=" + uncompressed + "]";
  }
}
