package dev.countersign.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class AmountTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "250000, 250000",
    "1wei, 1",
    "3gwei, 3000000000",
    "0.25ether, 250000000000000000",
    "1 ether, 1000000000000000000",
    "0.000000000000000001ether, 1"
  })
  void readsExactly(String text, String wei) {
    assertThat(Amount.parse(text).value()).hasToString(wei);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "1e18", "0.5", "0.1wei", "0.0000000001gwei", "1eth", "ether", ".5ether"})
  void refusesWhatItWouldHaveToGuess(String text) {
    assertThatThrownBy(() -> Amount.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @Test
  void writesEtherWithoutIdleZeros() {
    assertThat(Amount.inEther("250000000000000000")).isEqualTo("0.25");
    assertThat(Amount.inEther("10000000000000000000")).isEqualTo("10");
    assertThat(Amount.inEther("0")).isEqualTo("0");
    assertThat(Amount.inEther("1")).isEqualTo("0.000000000000000001");
  }
}
