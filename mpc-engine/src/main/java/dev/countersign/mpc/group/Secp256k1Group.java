package dev.countersign.mpc.group;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// secp256k1 by SEC 2, on libsecp256k1. Points are encoded with 33 bytes, by SEC 1 section 2.3.3.
public final class Secp256k1Group implements Group<Secp256k1Point> {
  public static final Secp256k1Group INSTANCE = new Secp256k1Group();

  private static final int POINT_BYTES = 33;

  private final Secp256k1Point generator = generate(ScalarField.SECP256K1.one());

  private Secp256k1Group() {}

  /// Has libsecp256k1 blind what it does with secrets, against side channels: once for the process,
  /// before anybody signs.
  public static void blind(SecureRandom random) {
    Libsecp256k1.blind(random);
  }

  @Override
  public ScalarField scalars() {
    return ScalarField.SECP256K1;
  }

  @Override
  public int pointBytes() {
    return POINT_BYTES;
  }

  @Override
  public Secp256k1Point identity() {
    return Secp256k1Point.IDENTITY;
  }

  @Override
  public Secp256k1Point generator() {
    return generator;
  }

  @Override
  public Secp256k1Point generate(Scalar scalar) {
    if (scalar.isZero()) {
      return Secp256k1Point.IDENTITY;
    }
    byte[] encoded = scalar.encode();
    try {
      return new Secp256k1Point(Libsecp256k1.create(encoded));
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  @Override
  public Secp256k1Point decode(byte[] encoded) throws MalformedElementException {
    byte[] key = new byte[Libsecp256k1.KEY_BYTES];
    if (encoded.length != POINT_BYTES) {
      throw new MalformedElementException(
          "a point of secp256k1 has %d bytes, expected %d".formatted(encoded.length, POINT_BYTES));
    }
    if (!Libsecp256k1.parse(key, encoded)) {
      throw new MalformedElementException("33 bytes that are no point of secp256k1");
    }
    return new Secp256k1Point(key);
  }

  /// One addition for all of them.
  @Override
  public Secp256k1Point sumOfProducts(List<Secp256k1Point> points, List<Scalar> scalars) {
    List<Secp256k1Point> products = new ArrayList<>(points.size());
    for (int i = 0; i < points.size(); i++) {
      products.add(points.get(i).timesPublic(scalars.get(i)));
    }
    return Secp256k1Point.sum(products);
  }
}
