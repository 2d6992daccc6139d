package dev.countersign.core.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretCharsTest {

  @Test
  void wipesWhatItTookFrom() {
    char[] source = "1234".toCharArray();

    try (SecretChars secret = SecretChars.taking(source)) {
      assertThat(source).containsOnly('\0');
      assertThat(text(secret)).isEqualTo("1234");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1234", "1234\n", "1234\r\n"})
  void readsUtf8WithoutItsLineEndAndWipesIt(String file) {
    byte[] source = file.getBytes(StandardCharsets.UTF_8);

    try (SecretChars secret = SecretChars.takingUtf8(source)) {
      assertThat(source).containsOnly((byte) 0);
      assertThat(text(secret)).isEqualTo("1234");
    }
  }

  @Test
  void keepsLettersOutsideOfAsciiAndInnerSpace() {
    try (SecretChars secret =
        SecretChars.takingUtf8(" schlüssel 鍵 \n".getBytes(StandardCharsets.UTF_8))) {
      assertThat(text(secret)).isEqualTo(" schlüssel 鍵 ");
    }
  }

  @Test
  void wipesTheCopyItLent() {
    try (SecretChars secret = SecretChars.taking("1234".toCharArray())) {
      char[][] lent = new char[1][];

      secret.use(
          chars -> {
            lent[0] = chars;
            return true;
          });

      assertThat(lent[0]).containsOnly('\0');
      assertThat(text(secret)).as("the secret itself stays").isEqualTo("1234");
    }
  }

  @Test
  void isGoneOnceClosed() {
    SecretChars secret = SecretChars.taking("1234".toCharArray());
    secret.close();

    assertThatThrownBy(() -> secret.use(chars -> chars.length))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void hasNoTextForm() throws NoSuchMethodException {
    assertThat(SecretChars.class.getMethod("toString").getDeclaringClass()).isEqualTo(Object.class);
    assertThat(SecretChars.class.getMethod("equals", Object.class).getDeclaringClass())
        .isEqualTo(Object.class);
    assertThat(Serializable.class.isAssignableFrom(SecretChars.class)).isFalse();
    assertThat(SecretChars.class.isRecord()).isFalse();
  }

  private static String text(SecretChars secret) {
    return secret.use(String::new);
  }
}
