package dev.countersign.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  /// The examples of EIP-55.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
      })
  void readsAndWritesTheChecksum(String text) {
    assertThat(Address.parse(text).checksummed()).isEqualTo(text);
    assertThat(Address.parse(text.toLowerCase(Locale.ROOT)).checksummed()).isEqualTo(text);
  }

  @Test
  void refusesOneLetterOfTheWrongCase() {
    assertThatThrownBy(() -> Address.parse("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x",
        "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae\u0435",
        "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(InvalidValueException.class);
  }
}
