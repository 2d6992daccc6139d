package dev.countersign.mpc.group;

import java.util.Arrays;

/// An integer modulo the order of a group. It may be a secret: all that is done with it takes the
/// same time whatever it is, it has no text form, and [#wipe] ends it.
public final class Scalar {
  private final ScalarField field;
  private final long[] limbs;

  /// @param limbs in Montgomery form; from now on this scalar's own
  Scalar(ScalarField field, long[] limbs) {
    this.field = field;
    this.limbs = limbs;
  }

  public ScalarField field() {
    return field;
  }

  long[] limbs() {
    return limbs;
  }

  public Scalar plus(Scalar other) {
    long[] sum = new long[Montgomery.LIMBS];
    arithmetic(other).add(sum, 0, limbs, 0, other.limbs, 0);
    return new Scalar(field, sum);
  }

  public Scalar minus(Scalar other) {
    long[] difference = new long[Montgomery.LIMBS];
    arithmetic(other).subtract(difference, 0, limbs, 0, other.limbs, 0);
    return new Scalar(field, difference);
  }

  public Scalar times(Scalar other) {
    long[] product = new long[Montgomery.LIMBS];
    arithmetic(other).multiply(product, 0, limbs, 0, other.limbs, 0);
    return new Scalar(field, product);
  }

  public Scalar negated() {
    return field.zero().minus(this);
  }

  /// @throws ArithmeticException for zero
  public Scalar inverse() {
    if (isZero()) {
      throw new ArithmeticException("zero has no inverse");
    }
    long[] inverse = new long[Montgomery.LIMBS];
    field.arithmetic().invert(inverse, limbs);
    return new Scalar(field, inverse);
  }

  public boolean isZero() {
    return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0;
  }

  /// 32 bytes, in the field's order.
  public byte[] encode() {
    long[] plain = new long[Montgomery.LIMBS];
    field.arithmetic().leave(plain, limbs);
    byte[] bytes = field.bytes(plain);
    Arrays.fill(plain, 0);
    return bytes;
  }

  /// Makes it zero: nobody needs it any longer.
  public void wipe() {
    Arrays.fill(limbs, 0);
  }

  private Montgomery arithmetic(Scalar other) {
    if (other.field != field) {
      throw new IllegalArgumentException(
          "a scalar of %s and one of %s".formatted(field, other.field));
    }
    return field.arithmetic();
  }

  @Override
  public boolean equals(Object object) {
    if (!(object instanceof Scalar other) || other.field != field) {
      return false;
    }
    long difference = 0;
    for (int i = 0; i < Montgomery.LIMBS; i++) {
      difference |= limbs[i] ^ other.limbs[i];
    }
    return difference == 0;
  }

  /// The same for all: a hash of a secret would say something about it.
  @Override
  public int hashCode() {
    return field.toString().hashCode();
  }

  @Override
  public String toString() {
    return "a scalar of " + field;
  }
}
