package dev.countersign.nonce.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.nonce.broadcast.NodeErrors.Meaning;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeErrorsTest {
  private final NodeErrors errors = NodeErrors.load();

  /// Messages as nodes write them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          KNOWN      | geth       | already known
          KNOWN      | Nethermind | AlreadyKnown
          KNOWN      | anvil      | transaction already imported
          KNOWN      | Besu       | Known transaction
          NONCE_USED | geth       | nonce too low: next nonce 5, tx nonce 3
          NONCE_USED | anvil      | nonce too low
          NONCE_USED | Nethermind | OldNonce, Current nonce: 5, nonce of rejected tx: 3
          NONCE_USED | Besu       | Nonce too low
          REFUSED    | geth       | replacement transaction underpriced
          REFUSED    | geth       | transaction underpriced: tip needed 1, tip permitted 0
          REFUSED    | geth       | insufficient funds for gas * price + value: balance 0, tx cost 21000
          REFUSED    | anvil      | Insufficient funds for gas * price + value
          REFUSED    | geth       | intrinsic gas too low: gas 20000, minimum needed 21000
          REFUSED    | geth       | max fee per gas less than block base fee: address 0x00, maxFeePerGas: 1
          REFUSED    | geth       | txpool is full
          REFUSED    | geth       | in-flight transaction limit reached for delegated accounts
          REFUSED    | Besu       | Upfront cost exceeds account balance
          UNKNOWN    | geth       | request timed out
          UNKNOWN    | anyone     | daily request count exceeded, request rate limited
          UNKNOWN    | anyone     | Internal error
          """)
  void makesOutWhatNodesMean(Meaning meaning, String node, String message) {
    assertThat(errors.meaning(message)).as(node).isEqualTo(meaning);
  }

  @Test
  void everyLineFitsItsOwnTextInAnyCase() {
    for (NodeErrors.Line line : errors.lines()) {
      assertThat(errors.meaning("error: " + line.text().toUpperCase(Locale.ROOT) + "!"))
          .as(line.text())
          .isEqualTo(line.meaning());
    }
  }

  @Test
  void noTextIsThereTwice() {
    List<String> texts = errors.lines().stream().map(NodeErrors.Line::text).toList();
    assertThat(texts).doesNotHaveDuplicates();
    Set<Meaning> meanings =
        errors.lines().stream().map(NodeErrors.Line::meaning).collect(Collectors.toSet());
    assertThat(meanings)
        .containsExactlyInAnyOrder(Meaning.KNOWN, Meaning.NONCE_USED, Meaning.REFUSED);
  }

  @Test
  void refusesATableItCannotRead() {
    assertThatThrownBy(() -> NodeErrors.parse("REFUSED no bar"))
        .hasMessageContaining("a meaning, a bar and a text");
    assertThatThrownBy(() -> NodeErrors.parse("PERHAPS | text"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
