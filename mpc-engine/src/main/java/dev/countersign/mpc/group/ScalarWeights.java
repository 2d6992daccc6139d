package dev.countersign.mpc.group;

import java.util.Arrays;
import java.util.List;

/// Public factors of the entries of a [ScalarVector], in Montgomery form.
public final class ScalarWeights {
  private final long[] limbs;

  /// As factors of a [WideSum].
  private final long[] factors;

  private ScalarWeights(long[] limbs, long[] factors) {
    this.limbs = limbs;
    this.factors = factors;
  }

  public static ScalarWeights of(List<Scalar> scalars) {
    long[] limbs = new long[scalars.size() * Montgomery.LIMBS];
    for (int i = 0; i < scalars.size(); i++) {
      System.arraycopy(scalars.get(i).limbs(), 0, limbs, i * Montgomery.LIMBS, Montgomery.LIMBS);
    }
    return new ScalarWeights(
        limbs, scalars.stream().map(WideSum::factor).flatMapToLong(Arrays::stream).toArray());
  }

  long[] factors() {
    return factors;
  }

  /// The sum of those whose bit is set; takes the same time whichever they are.
  ///
  /// @param bits weight i's in bit i modulo 64 of word i / 64
  public Scalar sumWhere(long[] bits) {
    Montgomery field = ScalarField.SECP256K1.arithmetic();
    long[] sum = new long[Montgomery.LIMBS];
    long[] term = new long[Montgomery.LIMBS];
    for (int i = 0; i < limbs.length / Montgomery.LIMBS; i++) {
      long mask = -((bits[i >>> 6] >>> (i & 63)) & 1);
      for (int k = 0; k < Montgomery.LIMBS; k++) {
        term[k] = limbs[i * Montgomery.LIMBS + k] & mask;
      }
      field.add(sum, 0, sum, 0, term, 0);
    }
    Arrays.fill(term, 0);
    return new Scalar(ScalarField.SECP256K1, sum);
  }
}
