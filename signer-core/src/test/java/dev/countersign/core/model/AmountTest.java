package dev.countersign.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {
  private static final BigInteger TWO_256 = BigInteger.TWO.pow(256);

  @Test
  void takesTheLargestAndNotOneMore() {
    assertThat(Wei.parse(TWO_256.subtract(BigInteger.ONE).toString()).value().bitLength())
        .isEqualTo(256);
    assertThatThrownBy(() -> Wei.parse(TWO_256.toString()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("2^256-1");
    assertThatThrownBy(() -> new TokenAmount(TWO_256)).isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "+1", "1.0", "1e3", "01", "", " 1", "0x10", "1_000", "١"})
  void takesPlainDecimalsOnly(String text) {
    assertThatThrownBy(() -> Wei.parse(text)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> TokenAmount.parse(text)).isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "eip155:0", "eip155:01", "bip122:1", "1", "eip155:-1", "eip155:1/"})
  void refusesWhatIsNoChain(String text) {
    assertThatThrownBy(() -> new ChainId(text)).isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Hot", "-hot", "hot-", "hot_1", "h\u043et", "a/b"})
  void refusesNamesThatCouldBeMistaken(String text) {
    assertThatThrownBy(() -> new WalletId(text)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void readsAssetsByTheirCaip19Id() {
    String token = "eip155:1/erc20:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
    assertThat(AssetId.parse(token)).hasToString(token);
    assertThat(AssetId.parse("eip155:5/slip44:60"))
        .isEqualTo(AssetId.nativeOf(ChainId.ofEip155(5)));
    assertThatThrownBy(() -> AssetId.parse("eip155:1")).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> AssetId.parse("eip155:1/erc721:0x0"))
        .isInstanceOf(InvalidValueException.class);
  }
}
