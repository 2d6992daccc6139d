package dev.countersign.policy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.InvalidValueException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTextTest {
  private static final BigInteger LARGEST = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "7 wei, 7",
    "1.5 gwei, 1500000000",
    "1.5 ether, 1500000000000000000",
    "0.000000000000000001 ether, 1",
    "1.50 ether, 1500000000000000000",
    "1.0, 1"
  })
  void readsNativeAmountsExactly(String text, BigInteger wei) {
    assertThat(AmountText.parseNative(text)).isEqualTo(wei);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " 1",
        "1 ",
        "-1",
        "+1",
        "01",
        "1e18",
        "1_000",
        "1,5 ether",
        ".5 ether",
        "5. ether",
        "0.5",
        "0.5 wei",
        "1.0000000001 gwei",
        "0.0000000000000000001 ether",
        "1 eth",
        "1  ether",
        "1ether",
        "0x10",
        "1 ETHER",
        "NaN",
        "١"
      })
  void refusesWhatIsNoWholeNumberOfWei(String text) {
    assertThatThrownBy(() -> AmountText.parseNative(text))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void takesNothingAbove256Bits() {
    assertThat(AmountText.parseNative(LARGEST.toString())).isEqualTo(LARGEST);
    String above = LARGEST.add(BigInteger.ONE).toString();
    assertThatThrownBy(() -> AmountText.parseNative(above)).hasMessageContaining("2^256-1");
    assertThatThrownBy(() -> AmountText.parseToken(above)).hasMessageContaining("2^256-1");
    assertThatThrownBy(() -> AmountText.parseNative(LARGEST + " ether"))
        .hasMessageContaining("2^256-1");
  }

  @Test
  void aTokenAmountHasNoUnitAndNoFraction() {
    assertThat(AmountText.parseToken("250000000")).isEqualTo(250_000_000);
    assertThatThrownBy(() -> AmountText.parseToken("250 ether"))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> AmountText.parseToken("0.5"))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void showsAmountsOfTheNativeAssetInBothUnits() {
    assertThat(AmountText.show(new BigInteger("1500000000000000000"), true))
        .isEqualTo("1500000000000000000 wei (1.5 ether)");
    assertThat(AmountText.show(BigInteger.ZERO, true)).isEqualTo("0 wei");
    assertThat(AmountText.show(BigInteger.TEN, false)).isEqualTo("10");
  }
}
