package dev.countersign.nonce.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.FeeStrategy;
import dev.countersign.nonce.chain.FeeStrategies.Tier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeeFieldsTest {
  @Test
  void readsAllOfIt() {
    assertThat(
            read(
                """
                {strategy: economy, blocks: 20,
                 economy: {percentile: 5, headroom: 110, gasPrice: 101},
                 normal: {percentile: 40, headroom: 150, gasPrice: 105},
                 urgent: {percentile: 95, headroom: 400, gasPrice: 200}}
                """))
        .isEqualTo(
            new FeeStrategies(
                FeeStrategy.ECONOMY,
                20,
                new Tier(5, 110, 101),
                new Tier(40, 150, 105),
                new Tier(95, 400, 200)));
  }

  @Test
  void whatIsNotSaidIsAsItIsEverywhere() {
    assertThat(FeeFields.read(document("id: x"), null)).isEqualTo(FeeStrategies.DEFAULT);
    FeeStrategies unsaid = FeeStrategies.DEFAULT;
    assertThat(read("{urgent: {percentile: 99}}"))
        .isEqualTo(
            new FeeStrategies(
                FeeStrategy.NORMAL, 10, unsaid.economy(), unsaid.normal(), new Tier(99, 300, 130)));
    assertThat(unsaid.percentiles()).containsExactly(10, 50, 90);
    assertThat(read("{economy: {percentile: 50}}").percentiles()).containsExactly(50, 90);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cheap | fees: expected keys and values",
        "{fast: {}} | fees.fast: unknown key; there are blocks, economy, normal",
        "{strategy: fixed-cap} | fees.strategy: expected one of economy, normal, urgent",
        "{strategy: slow} | fees.strategy: expected one of economy, normal, urgent",
        "{blocks: 0} | fees.blocks: expected an integer from 1 to 100",
        "{economy: 10} | fees.economy: expected keys and values: gasPrice, headroom, percentile",
        "{economy: {tip: 1}} | fees.economy.tip: unknown key",
        "{urgent: {percentile: 101}} | fees.urgent.percentile: expected an integer from 0 to 100",
        "{economy: {headroom: 99}} | fees.economy.headroom: expected an integer from 100 to 1000",
        "{normal: {gasPrice: 1.1}} | fees.normal.gasPrice: expected an integer from 100 to 1000",
        "{economy: {percentile: 60}} | fees: economy may offer no more than normal",
        "{urgent: {headroom: 150}} | fees: economy may offer no more than normal, and normal no",
      })
  void saysWhatIsWrongAndWhere(String value, String message) {
    assertThatThrownBy(() -> read(value))
        .isInstanceOf(ChainDefinitionException.class)
        .hasMessageContaining(message);
  }

  private static FeeStrategies read(String value) {
    ChainDocument document = document("id: x\nfees: " + value);
    return FeeFields.read(document, document.values().get(FeeFields.KEY));
  }

  private static ChainDocument document(String text) {
    return ChainDocument.parse(Path.of("chain.yaml"), text);
  }
}
