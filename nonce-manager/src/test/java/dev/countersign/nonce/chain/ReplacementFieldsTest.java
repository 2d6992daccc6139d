package dev.countersign.nonce.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Wei;
import dev.countersign.core.replacement.ReplacementTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplacementFieldsTest {
  @Test
  void readsAllOfIt() {
    assertThat(read("{after: 90s, automatic: true, bumpPercent: 25, maximumFeePerGas: 300 gwei}"))
        .isEqualTo(
            new ReplacementTerms(
                Duration.ofSeconds(90), true, 25, Optional.of(Wei.of(300_000_000_000L))));
  }

  @Test
  void isOffWhereNothingIsSaid() {
    assertThat(ReplacementFields.read(document("id: x"), null)).isEqualTo(ReplacementTerms.DEFAULT);
    assertThat(ReplacementTerms.DEFAULT.isAutomatic()).isFalse();
    assertThat(read("{after: 5min}"))
        .isEqualTo(new ReplacementTerms(Duration.ofMinutes(5), false, 10, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yes please | replacement: expected keys and values",
        "{later: 1s} | replacement.later: unknown key; there are after, automatic",
        "{after: 0s} | replacement.after: expected 1s to 1440min",
        "{after: 1441min} | replacement.after: expected 1s to 1440min",
        "{automatic: 'on'} | replacement.automatic: expected true or false",
        "{bumpPercent: 9} | replacement.bumpPercent: expected an integer from 10",
        "{maximumFeePerGas: 300} | replacement.maximumFeePerGas: expected an amount with its unit",
      })
  void saysWhatIsWrongAndWhere(String value, String message) {
    assertThatThrownBy(() -> read(value))
        .isInstanceOf(ChainDefinitionException.class)
        .hasMessageContaining(message);
  }

  private static ReplacementTerms read(String value) {
    ChainDocument document = document("id: x\nreplacement: " + value);
    return ReplacementFields.read(document, document.values().get(ReplacementFields.KEY));
  }

  private static ChainDocument document(String text) {
    return ChainDocument.parse(Path.of("chain.yaml"), text);
  }
}
