package dev.countersign.mpc.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519GroupTest extends GroupContract<Ed25519Point> {

  Ed25519GroupTest() {
    super(Ed25519Group.INSTANCE);
  }

  /// RFC 8032 section 5.1: the generator, y = 4/5 and x even.
  @Test
  void hasTheStandardsGenerator() {
    assertThat(HexFormat.of().formatHex(Ed25519Group.INSTANCE.generator().encode()))
        .isEqualTo("5866666666666666666666666666666666666666666666666666666666666666");
  }

  /// The points of order 1, 2, 4 and 8, and encodings that are not canonical.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void refusesPointsOfSmallOrderAndOtherFormsOfThem(String encoded) {
    refused(HexFormat.of().parseHex(encoded));
  }

  /// A point of the subgroup plus one of order 2 is on the curve and outside the subgroup.
  @Test
  void refusesPointsOutsideTheSubgroup() {
    long[] zero = new long[Montgomery.LIMBS];
    long[] minusOne = new long[Montgomery.LIMBS];
    Ed25519Point.FIELD.subtract(minusOne, 0, zero, 0, Ed25519Point.FIELD.one(), 0);
    Ed25519Point ofOrderTwo = Ed25519Point.ofAffine(zero, minusOne);
    assertThat(ofOrderTwo.plus(ofOrderTwo).isIdentity()).isTrue();
    refused(Ed25519Group.INSTANCE.generator().plus(ofOrderTwo).encode());
  }
}
