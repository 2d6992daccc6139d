package dev.countersign.mpc.group;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/// A point of edwards25519, in the extended coordinates of RFC 8032 section 5.1.4: X, Y, Z and T,
/// one after the other, four limbs each. Its addition is complete, so that no case is told apart.
public final class Ed25519Point implements Point<Ed25519Point> {
  static final PseudoMersenne FIELD = new PseudoMersenne(255, 19);

  private static final BigInteger P = FIELD.modulus();

  /// The curve's constant, -121665/121666.
  static final long[] D =
      constant(
          BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P));

  private static final long[] TWO_D = doubled(D);

  private static final int X = 0;
  private static final int Y = 4;
  private static final int Z = 8;
  private static final int T = 12;
  static final int LIMBS = 16;

  /// Bits of a scalar that are taken together, and how many of them there are.
  private static final int WINDOW = 4;

  private static final int WINDOWS = 64;
  private static final int ENTRIES = 1 << WINDOW;

  static final Ed25519Point IDENTITY = identity();

  private final long[] limbs;

  /// None, or what [#encode] gives: it takes an inversion, and hashes ask for it again and again.
  private volatile byte[] encoded = new byte[0];

  Ed25519Point(long[] limbs) {
    this.limbs = limbs;
  }

  static long[] constant(BigInteger value) {
    long[] limbs = PrimeField.limbs(value);
    FIELD.enter(limbs);
    return limbs;
  }

  private static long[] doubled(long[] value) {
    long[] twice = new long[PrimeField.LIMBS];
    FIELD.add(twice, 0, value, 0, value, 0);
    return twice;
  }

  private static Ed25519Point identity() {
    long[] limbs = new long[LIMBS];
    System.arraycopy(FIELD.one(), 0, limbs, Y, PrimeField.LIMBS);
    System.arraycopy(FIELD.one(), 0, limbs, Z, PrimeField.LIMBS);
    return new Ed25519Point(limbs);
  }

  /// @param x in the form of the field, as `y` is
  static Ed25519Point ofAffine(long[] x, long[] y) {
    long[] limbs = new long[LIMBS];
    System.arraycopy(x, 0, limbs, X, PrimeField.LIMBS);
    System.arraycopy(y, 0, limbs, Y, PrimeField.LIMBS);
    System.arraycopy(FIELD.one(), 0, limbs, Z, PrimeField.LIMBS);
    FIELD.multiply(limbs, T, x, 0, y, 0);
    return new Ed25519Point(limbs);
  }

  long[] limbs() {
    return limbs;
  }

  /// What additions need room for; used again and again within one multiplication.
  private static final class Room {
    private final long[] limbs = new long[32];

    void wipe() {
      Arrays.fill(limbs, 0);
    }
  }

  /// `out = a + b`; they may be the same places.
  private static void add(long[] out, long[] a, long[] b, Room room) {
    long[] r = room.limbs;
    FIELD.subtract(r, 0, a, Y, a, X);
    FIELD.subtract(r, 4, b, Y, b, X);
    FIELD.multiply(r, 0, r, 0, r, 4);
    FIELD.add(r, 4, a, Y, a, X);
    FIELD.add(r, 8, b, Y, b, X);
    FIELD.multiply(r, 4, r, 4, r, 8);
    FIELD.multiply(r, 8, a, T, b, T);
    FIELD.multiply(r, 8, r, 8, TWO_D, 0);
    FIELD.multiply(r, 12, a, Z, b, Z);
    FIELD.add(r, 12, r, 12, r, 12);
    finish(out, r);
  }

  /// From A, B, C and D of the standard.
  private static void finish(long[] out, long[] r) {
    FIELD.subtract(r, 16, r, 4, r, 0);
    FIELD.subtract(r, 20, r, 12, r, 8);
    FIELD.add(r, 24, r, 12, r, 8);
    FIELD.add(r, 28, r, 4, r, 0);
    product(out, r, 16, 20, 24, 28);
  }

  private static void product(long[] out, long[] r, int e, int f, int g, int h) {
    FIELD.multiply(out, X, r, e, r, f);
    FIELD.multiply(out, Y, r, g, r, h);
    FIELD.multiply(out, T, r, e, r, h);
    FIELD.multiply(out, Z, r, f, r, g);
  }

  /// `out = 2 · a`; they may be the same place.
  private static void twice(long[] out, long[] a, Room room) {
    long[] r = room.limbs;
    FIELD.multiply(r, 0, a, X, a, X);
    FIELD.multiply(r, 4, a, Y, a, Y);
    FIELD.multiply(r, 8, a, Z, a, Z);
    FIELD.add(r, 8, r, 8, r, 8);
    FIELD.add(r, 28, r, 0, r, 4);
    FIELD.add(r, 12, a, X, a, Y);
    FIELD.multiply(r, 12, r, 12, r, 12);
    FIELD.subtract(r, 16, r, 28, r, 12);
    FIELD.subtract(r, 24, r, 0, r, 4);
    FIELD.add(r, 20, r, 8, r, 24);
    product(out, r, 16, 20, 24, 28);
  }

  @Override
  public Ed25519Point plus(Ed25519Point other) {
    long[] sum = new long[LIMBS];
    add(sum, limbs, other.limbs, new Room());
    return new Ed25519Point(sum);
  }

  @Override
  public Ed25519Point negated() {
    long[] negated = limbs.clone();
    long[] zero = new long[PrimeField.LIMBS];
    FIELD.subtract(negated, X, zero, 0, limbs, X);
    FIELD.subtract(negated, T, zero, 0, limbs, T);
    return new Ed25519Point(negated);
  }

  /// This point times 0 to 15, one after the other.
  long[] multiples() {
    long[] table = new long[ENTRIES * LIMBS];
    long[] entry = IDENTITY.limbs.clone();
    Room room = new Room();
    for (int i = 0; i < ENTRIES; i++) {
      System.arraycopy(entry, 0, table, i * LIMBS, LIMBS);
      add(entry, entry, limbs, room);
    }
    return table;
  }

  /// Reads all entries whichever it is that is wanted.
  ///
  /// @param from where the table begins
  private static void select(long[] out, long[] table, int from, int index) {
    Arrays.fill(out, 0);
    for (int i = 0; i < ENTRIES; i++) {
      int difference = i ^ index;
      // All ones where they are the same.
      long take = ((difference - 1L) & ~(long) difference) >> 63;
      int entry = from + i * LIMBS;
      for (int k = 0; k < LIMBS; k++) {
        out[k] |= table[entry + k] & take;
      }
    }
  }

  private static int window(long[] scalar, int index) {
    return (int) (scalar[index >>> 4] >>> (WINDOW * (index & 15))) & (ENTRIES - 1);
  }

  private static long[] plain(Scalar scalar) {
    if (scalar.field() != ScalarField.ED25519) {
      throw new IllegalArgumentException(
          "expected a scalar of edwards25519, got one of " + scalar.field());
    }
    long[] plain = new long[PrimeField.LIMBS];
    ScalarField.ED25519.arithmetic().leave(plain, scalar.limbs());
    return plain;
  }

  @Override
  public Ed25519Point times(Scalar scalar) {
    long[] bits = plain(scalar);
    long[] table = multiples();
    long[] product = IDENTITY.limbs.clone();
    long[] entry = new long[LIMBS];
    Room room = new Room();
    for (int i = WINDOWS - 1; i >= 0; i--) {
      for (int k = 0; k < WINDOW; k++) {
        twice(product, product, room);
      }
      select(entry, table, 0, window(bits, i));
      add(product, product, entry, room);
    }
    Arrays.fill(bits, 0);
    Arrays.fill(entry, 0);
    room.wipe();
    return new Ed25519Point(product);
  }

  /// As [#times], from tables of this point's multiples by 16^i, of which there are 64.
  static Ed25519Point combined(long[] tables, Scalar scalar) {
    long[] bits = plain(scalar);
    long[] product = IDENTITY.limbs.clone();
    long[] entry = new long[LIMBS];
    Room room = new Room();
    for (int i = 0; i < WINDOWS; i++) {
      select(entry, tables, i * ENTRIES * LIMBS, window(bits, i));
      add(product, product, entry, room);
    }
    Arrays.fill(bits, 0);
    Arrays.fill(entry, 0);
    room.wipe();
    return new Ed25519Point(product);
  }

  /// The tables of [#combined].
  long[] tables() {
    long[] tables = new long[WINDOWS * ENTRIES * LIMBS];
    long[] base = limbs.clone();
    Room room = new Room();
    for (int i = 0; i < WINDOWS; i++) {
      System.arraycopy(
          new Ed25519Point(base).multiples(), 0, tables, i * ENTRIES * LIMBS, ENTRIES * LIMBS);
      for (int k = 0; k < WINDOW; k++) {
        twice(base, base, room);
      }
    }
    return tables;
  }

  @Override
  public Ed25519Point timesPublic(Scalar scalar) {
    return publicSum(new long[][] {multiples()}, new long[][] {plain(scalar)});
  }

  /// The sum of products, whose doublings are shared.
  ///
  /// @param tables [#multiples] of each point
  static Ed25519Point publicSum(long[][] tables, long[][] scalars) {
    long[] sum = IDENTITY.limbs.clone();
    long[] entry = new long[LIMBS];
    Room room = new Room();
    for (int i = WINDOWS - 1; i >= 0; i--) {
      for (int k = 0; k < WINDOW && i < WINDOWS - 1; k++) {
        twice(sum, sum, room);
      }
      for (int point = 0; point < tables.length; point++) {
        int digit = window(scalars[point], i);
        if (digit != 0) {
          System.arraycopy(tables[point], digit * LIMBS, entry, 0, LIMBS);
          add(sum, sum, entry, room);
        }
      }
    }
    return new Ed25519Point(sum);
  }

  static Ed25519Point publicSum(List<Ed25519Point> points, List<Scalar> scalars) {
    return publicSum(
        points.stream().map(Ed25519Point::multiples).toArray(long[][]::new),
        scalars.stream().map(Ed25519Point::plain).toArray(long[][]::new));
  }

  /// Whether the order of the group times this point is the identity.
  boolean isInPrimeOrderSubgroup() {
    long[][] order = {PrimeField.limbs(ScalarField.ED25519.order())};
    return publicSum(new long[][] {multiples()}, order).isIdentity();
  }

  @Override
  public boolean isIdentity() {
    long difference = 0;
    for (int i = 0; i < PrimeField.LIMBS; i++) {
      difference |= limbs[X + i] | (limbs[Y + i] ^ limbs[Z + i]);
    }
    return difference == 0;
  }

  @Override
  public byte[] encode() {
    byte[] known = encoded;
    if (known.length == 0) {
      known = compressed();
      encoded = known;
    }
    return known.clone();
  }

  private byte[] compressed() {
    long[] inverse = new long[PrimeField.LIMBS];
    FIELD.invert(inverse, Arrays.copyOfRange(limbs, Z, Z + PrimeField.LIMBS));
    long[] x = new long[PrimeField.LIMBS];
    long[] y = new long[PrimeField.LIMBS];
    FIELD.multiply(x, 0, limbs, X, inverse, 0);
    FIELD.multiply(y, 0, limbs, Y, inverse, 0);
    FIELD.leave(x, x);
    FIELD.leave(y, y);
    y[3] |= x[0] << 63;
    return ScalarField.ED25519.bytes(y);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Ed25519Point other && minus(other).isIdentity();
  }

  private Ed25519Point minus(Ed25519Point other) {
    return plus(other.negated());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encode());
  }

  @Override
  public String toString() {
    return "a point of edwards25519";
  }
}
