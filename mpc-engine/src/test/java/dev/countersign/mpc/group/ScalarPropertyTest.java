package dev.countersign.mpc.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Scalars against big integers.
class ScalarPropertyTest {

  @Provide
  Arbitrary<ScalarField> fields() {
    return Arbitraries.of(ScalarField.SECP256K1, ScalarField.ED25519);
  }

  @Provide
  Arbitrary<byte[]> wide() {
    Arbitrary<byte[]> edge =
        Arbitraries.of((byte) 0, (byte) 1, (byte) 0x7f, (byte) 0x80, (byte) 0xff)
            .array(byte[].class)
            .ofSize(64);
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofSize(64), edge, Arbitraries.just(new byte[64]));
  }

  @Property
  void areTheIntegersModuloTheOrder(
      @ForAll("fields") ScalarField field,
      @ForAll("wide") byte[] first,
      @ForAll("wide") byte[] second) {
    BigInteger a = number(field, first).mod(field.order());
    BigInteger b = number(field, second).mod(field.order());
    Scalar x = field.reduce(first);
    Scalar y = field.reduce(second);
    assertThat(value(x)).isEqualTo(a);
    assertThat(value(x.plus(y))).isEqualTo(a.add(b).mod(field.order()));
    assertThat(value(x.minus(y))).isEqualTo(a.subtract(b).mod(field.order()));
    assertThat(value(x.times(y))).isEqualTo(a.multiply(b).mod(field.order()));
    assertThat(value(x.negated())).isEqualTo(a.negate().mod(field.order()));
    if (a.signum() != 0) {
      assertThat(value(x.inverse())).isEqualTo(a.modInverse(field.order()));
    }
    assertThat(x.equals(y)).isEqualTo(a.equals(b));
  }

  @Property
  void areReadAsTheyAreWritten(@ForAll("fields") ScalarField field, @ForAll("wide") byte[] bytes)
      throws MalformedElementException {
    Scalar scalar = field.reduce(bytes);
    assertThat(field.decode(scalar.encode())).isEqualTo(scalar);
  }

  @Example
  void theOrderAndWhatIsAboveItAreRefused() {
    for (ScalarField field : List.of(ScalarField.SECP256K1, ScalarField.ED25519)) {
      for (BigInteger more :
          new BigInteger[] {
            field.order(),
            field.order().add(BigInteger.ONE),
            BigInteger.TWO.pow(256).subtract(BigInteger.ONE)
          }) {
        assertThatThrownBy(() -> field.decode(bytes(field, more)))
            .isInstanceOf(MalformedElementException.class)
            .hasMessageContaining("not below the order");
      }
      assertThatThrownBy(() -> field.decode(new byte[31])).hasMessageContaining("31 bytes");
    }
  }

  @Example
  void haveNoTextForm() {
    Scalar secret = ScalarField.SECP256K1.of(77);
    assertThat(secret.toString()).doesNotContain("77").doesNotContain("4d");
    secret.wipe();
    assertThat(secret.isZero()).isTrue();
  }

  private static BigInteger number(ScalarField field, byte[] bytes) {
    return new BigInteger(1, field == ScalarField.SECP256K1 ? bytes : reversed(bytes));
  }

  private static BigInteger value(Scalar scalar) {
    return number(scalar.field(), scalar.encode());
  }

  private static byte[] bytes(ScalarField field, BigInteger value) {
    byte[] raw = value.toByteArray();
    byte[] bytes = new byte[32];
    int length = Math.min(raw.length, 32);
    System.arraycopy(raw, raw.length - length, bytes, 32 - length, length);
    return field == ScalarField.SECP256K1 ? bytes : reversed(bytes);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = Arrays.copyOf(bytes, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
