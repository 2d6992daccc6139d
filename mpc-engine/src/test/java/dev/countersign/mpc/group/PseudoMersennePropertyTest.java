package dev.countersign.mpc.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The fields of the two curves against big integers.
class PseudoMersennePropertyTest {

  @Provide
  Arbitrary<PseudoMersenne> fields() {
    return Arbitraries.of(HashToCurve.FIELD, Ed25519Point.FIELD);
  }

  @Provide
  Arbitrary<long[]> limbs() {
    Arbitrary<Long> edge = Arbitraries.of(0L, 1L, -1L, Long.MIN_VALUE, -20L, (1L << 52) - 1);
    return Arbitraries.oneOf(
        Arbitraries.longs().array(long[].class).ofSize(4), edge.array(long[].class).ofSize(4));
  }

  private static BigInteger number(long[] limbs) {
    BigInteger number = BigInteger.ZERO;
    for (int i = limbs.length - 1; i >= 0; i--) {
      BigInteger word = new BigInteger(Long.toUnsignedString(limbs[i]));
      number = number.shiftLeft(Long.SIZE).add(word);
    }
    return number;
  }

  private static long[] entered(PseudoMersenne field, long[] limbs) {
    long[] value = limbs.clone();
    field.enter(value);
    return value;
  }

  @Property
  void productsAreThoseOfTheIntegersAndBelowTheModulus(
      @ForAll("fields") PseudoMersenne field,
      @ForAll("limbs") long[] first,
      @ForAll("limbs") long[] second) {
    BigInteger p = field.modulus();
    long[] a = entered(field, first);
    long[] b = entered(field, second);
    assertThat(number(a)).isEqualTo(number(first).mod(p));
    long[] product = new long[PrimeField.LIMBS];
    field.multiply(product, 0, a, 0, b, 0);
    assertThat(number(product)).isEqualTo(number(first).multiply(number(second)).mod(p));
    field.multiply(a, 0, a, 0, a, 0);
    assertThat(number(a)).isEqualTo(number(first).pow(2).mod(p));
  }

  @Property(tries = 100)
  void powersAreThoseOfTheIntegers(
      @ForAll("fields") PseudoMersenne field,
      @ForAll("limbs") long[] base,
      @ForAll("limbs") long[] exponent) {
    BigInteger bits = number(exponent).shiftRight((int) (exponent[0] & 127));
    BigInteger p = field.modulus();
    long[] value = entered(field, base);
    assertThat(number(field.power(value, bits))).isEqualTo(number(base).mod(p).modPow(bits, p));
    long[] inverse = new long[PrimeField.LIMBS];
    field.invert(inverse, value);
    field.multiply(inverse, 0, inverse, 0, value, 0);
    assertThat(number(inverse))
        .isEqualTo(Arrays.equals(value, new long[4]) ? BigInteger.ZERO : BigInteger.ONE);
  }
}
