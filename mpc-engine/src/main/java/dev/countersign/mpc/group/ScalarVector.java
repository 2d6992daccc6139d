package dev.countersign.mpc.group;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Many scalars of secp256k1 in one array, out of Montgomery form: for the inner loops of
/// multiplication, which must not allocate. They may be secrets: no branch and no index depends on
/// a value, and their maker wipes them.
public final class ScalarVector {
  private static final Montgomery FIELD = ScalarField.SECP256K1.arithmetic();
  private static final long[] ZERO = new long[Montgomery.LIMBS];
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long[] limbs;

  /// @param size how many; they are zero
  public ScalarVector(int size) {
    this.limbs = new long[size * Montgomery.LIMBS];
  }

  public int size() {
    return limbs.length / Montgomery.LIMBS;
  }

  /// The number of four words, lowest first, modulo the order. Uniform where they are, but for a
  /// part in 2^128.
  public void setReduced(int index, long w0, long w1, long w2, long w3) {
    int at = index * Montgomery.LIMBS;
    limbs[at] = w0;
    limbs[at + 1] = w1;
    limbs[at + 2] = w2;
    limbs[at + 3] = w3;
    FIELD.add(limbs, at, limbs, at, ZERO, 0);
  }

  private void load(int index, byte[] bytes, int from) {
    int at = index * Montgomery.LIMBS;
    for (int i = 0; i < Montgomery.LIMBS; i++) {
      limbs[at + i] = (long) WORD.get(bytes, from + Long.BYTES * (Montgomery.LIMBS - 1 - i));
    }
  }

  public void set(int index, Scalar scalar) {
    long[] plain = new long[Montgomery.LIMBS];
    FIELD.leave(plain, scalar.limbs());
    System.arraycopy(plain, 0, limbs, index * Montgomery.LIMBS, Montgomery.LIMBS);
    Arrays.fill(plain, 0);
  }

  /// A copy of the scalar.
  public Scalar get(int index) {
    int at = index * Montgomery.LIMBS;
    long[] entry = Arrays.copyOfRange(limbs, at, at + Montgomery.LIMBS);
    FIELD.enter(entry);
    return new Scalar(ScalarField.SECP256K1, entry);
  }

  /// Each becomes `a - b + c`, of which c is one and the same.
  public void setDifferencesPlus(ScalarVector a, ScalarVector b, Scalar c) {
    long[] plain = new long[Montgomery.LIMBS];
    FIELD.leave(plain, c.limbs());
    for (int at = 0; at < limbs.length; at += Montgomery.LIMBS) {
      FIELD.subtract(limbs, at, a.limbs, at, b.limbs, at);
      FIELD.add(limbs, at, limbs, at, plain, 0);
    }
    Arrays.fill(plain, 0);
  }

  /// Adds the other vector's entry where the bit is set.
  ///
  /// @param bits entry i's in bit i modulo 64 of word i / 64
  public void addWhere(long[] bits, ScalarVector other) {
    long[] term = new long[Montgomery.LIMBS];
    for (int i = 0; i < size(); i++) {
      int at = i * Montgomery.LIMBS;
      mask(term, bits, i, other.limbs, at);
      FIELD.add(limbs, at, limbs, at, term, 0);
    }
    Arrays.fill(term, 0);
  }

  /// Takes the scalar away from each entry whose bit is set.
  public void subtractWhere(long[] bits, Scalar scalar) {
    long[] term = new long[Montgomery.LIMBS];
    long[] plain = new long[Montgomery.LIMBS];
    FIELD.leave(plain, scalar.limbs());
    for (int i = 0; i < size(); i++) {
      int at = i * Montgomery.LIMBS;
      mask(term, bits, i, plain, 0);
      FIELD.subtract(limbs, at, limbs, at, term, 0);
    }
    Arrays.fill(term, 0);
    Arrays.fill(plain, 0);
  }

  private static void mask(long[] out, long[] bits, int index, long[] from, int at) {
    long mask = -((bits[index >>> 6] >>> (index & 63)) & 1);
    for (int k = 0; k < Montgomery.LIMBS; k++) {
      out[k] = from[at + k] & mask;
    }
  }

  /// Adds to each entry those of the other vectors, each times its vector's scalar.
  ///
  /// @param others as many as there are scalars
  public void addProducts(List<ScalarVector> others, List<Scalar> scalars) {
    List<long[]> factors = scalars.stream().map(WideSum::factor).toList();
    WideSum sum = new WideSum();
    long[] products = new long[Montgomery.LIMBS];
    for (int at = 0; at < limbs.length; at += Montgomery.LIMBS) {
      for (int i = 0; i < others.size(); i++) {
        sum.addProducts(others.get(i).limbs, at, factors.get(i), 0, 1);
      }
      sum.reduce(products, 0);
      FIELD.add(limbs, at, limbs, at, products, 0);
    }
    Arrays.fill(products, 0);
    factors.forEach(factor -> Arrays.fill(factor, 0));
  }

  /// The sum of each times its weight.
  public Scalar dot(ScalarWeights weights) {
    WideSum products = new WideSum();
    products.addProducts(limbs, 0, weights.factors(), 0, size());
    long[] sum = new long[Montgomery.LIMBS];
    products.reduce(sum, 0);
    FIELD.enter(sum);
    return new Scalar(ScalarField.SECP256K1, sum);
  }

  /// 32 bytes each, highest first.
  public void write(byte[] out, int from) {
    for (int i = 0; i < limbs.length; i++) {
      int place = (i & ~3) | (3 - (i & 3));
      WORD.set(out, from + Long.BYTES * i, limbs[place]);
    }
  }

  /// Reads what [#write] writes, and nothing else.
  ///
  /// @throws MalformedElementException when one is not below the order
  public static ScalarVector read(byte[] in, int from, int size) throws MalformedElementException {
    ScalarVector vector = new ScalarVector(size);
    long[] entry = new long[Montgomery.LIMBS];
    boolean reduced = true;
    for (int i = 0; i < size; i++) {
      vector.load(i, in, from + i * ScalarField.BYTES);
      System.arraycopy(vector.limbs, i * Montgomery.LIMBS, entry, 0, Montgomery.LIMBS);
      reduced &= FIELD.isReduced(entry);
    }
    if (!reduced) {
      throw new MalformedElementException("a scalar of secp256k1 is not below the order");
    }
    return vector;
  }

  /// Makes all of them zero.
  public void wipe() {
    Arrays.fill(limbs, 0);
  }
}
