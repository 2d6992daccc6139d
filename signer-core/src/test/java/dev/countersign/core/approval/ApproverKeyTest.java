package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApproverKeyTest {
  /// RFC 8032, section 7.1, test 2.
  private static final ApproverKey ED25519 =
      new Ed25519ApproverKey(
          Bytes.fromHex("0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));

  private static final Bytes ED25519_SIGNATURE =
      Bytes.fromHex(
          "0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

  /// RFC 6979, appendix A.2.5, SHA-256 of "sample".
  private static final Bytes P256_POINT =
      Bytes.fromHex(
          "0x0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
              + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");

  private static final ApproverKey P256 = P256ApproverKey.ofUncompressed(P256_POINT);
  private static final byte[] SAMPLE = "sample".getBytes(StandardCharsets.US_ASCII);
  private static final Bytes P256_SIGNATURE =
      Bytes.fromHex(
          "0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
              + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

  @Test
  void verifiesTheVectorsOfTheStandards() {
    assertThat(ED25519.verifies(new byte[] {0x72}, ED25519_SIGNATURE)).isTrue();
    assertThat(ED25519.verifies(new byte[] {0x73}, ED25519_SIGNATURE)).isFalse();
    assertThat(P256.verifies(SAMPLE, P256_SIGNATURE)).isTrue();
    assertThat(P256.verifies(new byte[] {0x73}, P256_SIGNATURE)).isFalse();
  }

  @Test
  void whatIsNoSignatureIsNotVerified() {
    for (ApproverKey key : new ApproverKey[] {ED25519, P256}) {
      for (int size : new int[] {0, 1, 63, 64, 65, 128}) {
        assertThat(key.verifies(SAMPLE, Bytes.of(new byte[size]))).isFalse();
      }
      byte[] ones = new byte[64];
      Arrays.fill(ones, (byte) 0xff);
      assertThat(key.verifies(SAMPLE, Bytes.of(ones))).isFalse();
    }
    assertThat(P256.verifies(new byte[] {0x72}, ED25519_SIGNATURE)).isFalse();
  }

  @Test
  void bothHalvesOfSAreASignature() {
    BigInteger order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    BigInteger s = new BigInteger(1, P256_SIGNATURE.slice(32, 64).toArray());
    String other = "%064x".formatted(order.subtract(s));
    Bytes malleated = Bytes.fromHex(P256_SIGNATURE.slice(0, 32).hex() + other);
    assertThat(P256.verifies(SAMPLE, malleated)).isTrue();
  }

  @Test
  void textAndBack() {
    assertThat(ED25519.text()).isEqualTo("ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=");
    assertThat(P256.text()).isEqualTo("p256:A2D+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2");
    assertThat(ApproverKey.parse(ED25519.text())).isEqualTo(ED25519);
    assertThat(ApproverKey.parse(P256.text())).isEqualTo(P256);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ed25519",
        "ed25519:",
        "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "ED25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw",
        "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgx=",
        "ed25519: PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "ed25519:PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "ed25519:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n",
        "p256:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
        "secp256k1:A2D+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2",
        "ed25519:A2D+1LolWp0xyWHrdMY1bWjASbiSO2H6bOZpYi5g8p+2"
      })
  void takesNoOtherText(String text) {
    assertThatThrownBy(() -> ApproverKey.parse(text)).isInstanceOf(InvalidValueException.class);
  }

  /// The neutral element and a point of order 8: whoever signs with these signs for anybody.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0200000000000000000000000000000000000000000000000000000000000000"
      })
  void takesNoWeakEd25519Point(String hex) {
    String text = "ed25519:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> ApproverKey.parse(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("point of the curve");
  }

  @Test
  void takesNoPointOffP256() {
    byte[] wrong = P256.encoded().toArray();
    wrong[0] = 5;
    assertThatThrownBy(() -> new P256ApproverKey(Bytes.of(wrong)))
        .isInstanceOf(InvalidValueException.class);
    byte[] field = new byte[33];
    Arrays.fill(field, (byte) 0xff);
    field[0] = 2;
    assertThatThrownBy(() -> new P256ApproverKey(Bytes.of(field)))
        .isInstanceOf(InvalidValueException.class);
    byte[] moved = P256_POINT.toArray();
    moved[64] ^= 1;
    assertThatThrownBy(() -> P256ApproverKey.ofUncompressed(Bytes.of(moved)))
        .isInstanceOf(InvalidValueException.class);
  }
}
