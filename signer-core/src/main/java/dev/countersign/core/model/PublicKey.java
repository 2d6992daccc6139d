package dev.countersign.core.model;

/// A point of secp256k1 in uncompressed form: 0x04, x, y (SEC 1, section 2.3.3), 65 bytes.
public record PublicKey(Bytes uncompressed) {
  private static final int SIZE = 65;

  public PublicKey {
    if (uncompressed.size() != SIZE || uncompressed.get(0) != 4) {
      throw InvalidValueException.of(
          "public key", uncompressed.hex(), "65 bytes that start with 0x04");
    }
  }

  /// The account of this key: the last 20 bytes of the Keccak-256 of x and y.
  public Address address() {
    Bytes hash = Keccak.hash(uncompressed.slice(1, SIZE).toArray()).bytes();
    return Address.of(hash.slice(12, 32));
  }
}
