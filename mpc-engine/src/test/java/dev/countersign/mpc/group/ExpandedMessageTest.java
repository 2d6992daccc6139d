package dev.countersign.mpc.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpandedMessageTest {
  private static final String TAG = "QUUX-V01-CS02-with-expander-SHA256-128";

  /// RFC 9380 appendix K.1.
  @ParameterizedTest
  @CsvSource({
    "'', 68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235",
    "abc, d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615",
    "'', af84c27ccfd45d41914fdff5df25293e221afc53d8ad2ac06d5e3e29485dadbee0d121587713a3e0dd4d5e69e93eb7cd4f5df4cd103e188cf60cb02edc3edf18eda8576c412b18ffb658e3dd6ec849469b979d444cf7b26911a08e63cf31f9dcc541708d3491184472c2c29bb749d4286b004ceb5ee6b9a7fa5b646c993f0ced"
  })
  void isWhatTheStandardHas(String message, String expected) {
    byte[] expanded =
        ExpandedMessage.of(message.getBytes(StandardCharsets.US_ASCII), TAG, expected.length() / 2);
    assertThat(HexFormat.of().formatHex(expanded)).isEqualTo(expected);
  }

  @Test
  void wantsATagAndNoMoreThanTheStandardGives() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpandedMessage.of(new byte[0], "", 32))
        .withMessageContaining("a tag of 0 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpandedMessage.of(new byte[0], TAG, 255 * 32 + 1));
  }
}
