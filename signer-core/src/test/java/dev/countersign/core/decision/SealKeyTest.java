package dev.countersign.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealKeyTest {
  private static final String DIGITS =
      "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

  private final SealKey key = SealKey.ofHex(DIGITS.toCharArray());

  /// Stored seals outlive the release that made them. The expected value is what OpenSSL says:
  /// `printf '\0\0\0\7purposecontent' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0001…1f`.
  @Test
  void isHmacSha256OfPurposeBehindItsLengthAndContent() {
    assertThat(key.seal("purpose", CONTENT).hex())
        .isEqualTo("0x1eace0ba0c9ce42bf84a3c754e0b93252a78fd7ef305fe18e26cc9195d71f395");
  }

  @Test
  void aSealForOnePurposeIsNoneForAnother() {
    Bytes seal = key.seal("purpose", CONTENT);

    assertThat(key.isSeal(seal, "purpose", CONTENT)).isTrue();
    assertThat(key.isSeal(seal, "another", CONTENT)).isFalse();
    // The same letters, with the border between purpose and content moved by one.
    assertThat(key.isSeal(seal, "purposec", "ontent".getBytes(StandardCharsets.US_ASCII)))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32, 62, 63, 65, 66, 128})
  void refusesAnyOtherLength(int length) {
    char[] digits = new char[length];
    Arrays.fill(digits, 'a');

    assertThatThrownBy(() -> SealKey.ofHex(digits))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("expected 64 hexadecimal digits")
        .hasMessageContaining(length + " characters")
        .hasMessageNotContaining("aa");
  }

  @Test
  void refusesWhatIsNotHexadecimalWithoutShowingIt() {
    assertThatThrownBy(() -> SealKey.ofHex(DIGITS.replace('1', 'g').toCharArray()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageNotContaining("0001");
  }

  @Test
  void sealsNothingOnceItIsWiped() {
    key.close();

    assertThatThrownBy(() -> key.seal("purpose", CONTENT))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void hasNoTextForm() {
    // An identity at most, where Object's own toString is used.
    assertThat(
            Arrays.stream(SealKey.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(method -> method.getName()))
        .containsExactlyInAnyOrder("random", "ofHex", "close");
  }
}
