package dev.countersign.mpc.group;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/// A point of secp256k1.
public final class Secp256k1Point implements Point<Secp256k1Point> {
  static final Secp256k1Point IDENTITY = new Secp256k1Point(Optional.empty());

  /// Empty for the identity.
  private final Optional<byte[]> key;

  private Secp256k1Point(Optional<byte[]> key) {
    this.key = key;
  }

  /// @param key that libsecp256k1 has made
  Secp256k1Point(byte[] key) {
    this(Optional.of(key));
  }

  /// @param x 32 bytes of a point of the curve, as are those of `y`
  static Secp256k1Point ofAffine(byte[] x, byte[] y) {
    byte[] encoded = new byte[1 + x.length + y.length];
    encoded[0] = 4;
    System.arraycopy(x, 0, encoded, 1, x.length);
    System.arraycopy(y, 0, encoded, 1 + x.length, y.length);
    byte[] key = new byte[Libsecp256k1.KEY_BYTES];
    if (!Libsecp256k1.parse(key, encoded)) {
      throw new IllegalStateException("coordinates that are no point of secp256k1");
    }
    return new Secp256k1Point(key);
  }

  @Override
  public Secp256k1Point plus(Secp256k1Point other) {
    return sum(List.of(this, other));
  }

  static Secp256k1Point sum(List<Secp256k1Point> points) {
    List<byte[]> keys = points.stream().flatMap(point -> point.key.stream()).toList();
    byte[] sum = new byte[Libsecp256k1.KEY_BYTES];
    return keys.isEmpty() || !Libsecp256k1.combine(sum, keys) ? IDENTITY : new Secp256k1Point(sum);
  }

  @Override
  public Secp256k1Point negated() {
    return key.map(Libsecp256k1::negate).map(Secp256k1Point::new).orElse(IDENTITY);
  }

  @Override
  public Secp256k1Point times(Scalar scalar) {
    return times(scalar, Libsecp256k1::multiply);
  }

  @Override
  public Secp256k1Point timesPublic(Scalar scalar) {
    return times(scalar, Libsecp256k1::multiplyPublic);
  }

  private Secp256k1Point times(Scalar scalar, BinaryOperator<byte[]> multiplication) {
    if (scalar.field() != ScalarField.SECP256K1) {
      throw new IllegalArgumentException(
          "expected a scalar of secp256k1, got one of " + scalar.field());
    }
    if (scalar.isZero() || key.isEmpty()) {
      return IDENTITY;
    }
    byte[] encoded = scalar.encode();
    try {
      return new Secp256k1Point(multiplication.apply(key.get(), encoded));
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  @Override
  public boolean isIdentity() {
    return key.isEmpty();
  }

  @Override
  public byte[] encode() {
    return Libsecp256k1.serialize(
        key.orElseThrow(() -> new ArithmeticException("the identity has no encoding")));
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Secp256k1Point other
        && (key.isEmpty()
            ? other.key.isEmpty()
            : other.key.isPresent() && Arrays.equals(key.get(), other.key.get()));
  }

  @Override
  public int hashCode() {
    return key.map(Arrays::hashCode).orElse(0);
  }

  @Override
  public String toString() {
    return "a point of secp256k1";
  }
}
