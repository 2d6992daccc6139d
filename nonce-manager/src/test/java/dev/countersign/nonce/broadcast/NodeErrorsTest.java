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
import org.junit.jupiter.params.provider.MethodSource;

class NodeErrorsTest {
  private final NodeErrors errors = NodeErrors.load();

  static List<NodeErrors.Line> lines() {
    return NodeErrors.load().lines();
  }

  /// One test for each line of the table: it decides about its own text, as clients wrap it.
  @ParameterizedTest
  @MethodSource("lines")
  void theLineDecidesAboutItsOwnText(NodeErrors.Line line) {
    for (String message :
        List.of(
            line.text(),
            "err: " + line.text().toUpperCase(Locale.ROOT) + " (supplied gas 21000)",
            "INTERNAL_ERROR: " + line.text() + ": address 0x00, have 1 want 2")) {
      assertThat(errors.of(message)).as(message).isEqualTo(line);
    }
  }

  /// Messages as nodes write them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          KNOWN      | ALREADY_KNOWN           | geth       | already known
          KNOWN      | ALREADY_KNOWN           | Erigon     | ALREADY_EXISTS: already known
          KNOWN      | ALREADY_KNOWN           | Nethermind | AlreadyKnown
          KNOWN      | ALREADY_KNOWN           | anvil      | Tx: [0xab] already Imported
          KNOWN      | ALREADY_KNOWN           | Besu       | Known transaction
          NONCE_USED | NONCE_TOO_LOW           | geth       | nonce too low: next nonce 5, tx nonce 3
          NONCE_USED | NONCE_TOO_LOW           | anvil      | nonce too low
          NONCE_USED | NONCE_TOO_LOW           | Nethermind | OldNonce, Current nonce: 5, nonce of rejected tx: 3
          NONCE_USED | NONCE_TOO_LOW           | Besu       | Nonce too low
          REFUSED    | REPLACEMENT_UNDERPRICED | geth       | replacement transaction underpriced
          REFUSED    | REPLACEMENT_UNDERPRICED | anvil      | Tx: [0xab] insufficient gas price to replace existing transaction
          REFUSED    | REPLACEMENT_UNDERPRICED | Erigon     | INTERNAL_ERROR: could not replace existing tx
          REFUSED    | UNDERPRICED             | geth       | transaction underpriced: tip needed 1, tip permitted 0
          REFUSED    | UNDERPRICED             | Erigon     | FEE_TOO_LOW: underpriced
          REFUSED    | UNDERPRICED             | Bor        | transaction gas price below minimum: gas tip cap 1, minimum needed 25000000000
          REFUSED    | UNDERPRICED             | Nitro      | max fee per gas less than block base fee: maxFeePerGas: 1 baseFee: 2
          REFUSED    | UNDERPRICED             | Besu       | Gas price below current base fee
          REFUSED    | INSUFFICIENT_FUNDS      | geth       | insufficient funds for gas * price + value: balance 0, tx cost 21000
          REFUSED    | INSUFFICIENT_FUNDS      | anvil      | Insufficient funds for gas * price + value
          REFUSED    | INSUFFICIENT_FUNDS      | Besu       | Upfront cost exceeds account balance
          REFUSED    | GAS_LIMIT               | geth       | intrinsic gas too low: gas 20000, minimum needed 21000
          REFUSED    | GAS_LIMIT               | geth       | insufficient gas for floor data gas cost: gas 1, minimum needed 2
          REFUSED    | GAS_LIMIT               | Besu       | Transaction gas limit exceeds block gas limit
          REFUSED    | NONCE_TOO_HIGH          | geth       | nonce too high: tx nonce 7, gapped nonce 5
          REFUSED    | NONCE_TOO_HIGH          | Besu       | Transaction nonce is too distant from current sender nonce
          REFUSED    | FEE_CAP                 | geth       | tx fee (45.00 ether) exceeds the configured cap (1.00 ether)
          REFUSED    | FEE_CAP                 | Reth       | tx fee (45 wei) exceeds the configured cap (1 wei)
          REFUSED    | POOL_FULL               | geth       | txpool is full
          REFUSED    | POOL_FULL               | Erigon     | INTERNAL_ERROR: pending sub-pool is full
          REFUSED    | DELEGATED_IN_FLIGHT_LIMIT | geth     | in-flight transaction limit reached for delegated accounts
          REFUSED    | DELEGATED_IN_FLIGHT_LIMIT | Bor      | gapped-nonce tx from delegated accounts
          REFUSED    | WRONG_CHAIN             | Erigon     | invalid chain id, expected: 1 got: 5
          REFUSED    | WRONG_CHAIN             | Besu       | Wrong chainId
          REFUSED    | OVERSIZED               | Reth       | oversized data: transaction size 200000, limit 131072
          REFUSED    | OTHER                   | Nitro      | transaction type not supported
          REFUSED    | OTHER                   | geth       | invalid sender: invalid chain
          REFUSED    | OTHER                   | anyone     | unknown transaction type: 4
          NONCE_USED | NONCE_TOO_LOW           | Flashbots  | invalid nonce
          REFUSED    | NONCE_TOO_HIGH          | Flashbots  | tx rejected - nonce too high
          REFUSED    | OVERSIZED               | Flashbots  | invalid target for large tx
          """)
  void makesOutWhatNodesMean(Meaning meaning, ErrorKind kind, String node, String message) {
    assertThat(errors.of(message).meaning()).as(node).isEqualTo(meaning);
    assertThat(errors.of(message).kind()).as(node).isEqualTo(kind);
  }

  /// What tells nothing about the transaction, or nothing certain.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BSC      | transaction underpriced, so it is either in pool2 or pool3
          Erigon   | INTERNAL_ERROR: replaced by transaction with higher tip
          Erigon   | INTERNAL_ERROR: mined
          Nitro    | sequencer temporarily not available
          Nitro    | sequencer internal error
          Nitro    | context deadline exceeded
          geth     | request timed out
          geth     | response too large
          Besu     | Internal error
          Besu     | Timeout expired
          Besu     | Initial sync is still in progress
          anyone   | daily request count exceeded, request rate limited
          anyone   | Too Many Requests
          anyone   | nonce
          anyone   | underpriced?
          anyone   | funds
          anyone   | something that nobody has seen before
          """)
  void whateverElseIsUnknown(String node, String message) {
    assertThat(errors.of(message).meaning()).as(node).isEqualTo(Meaning.UNKNOWN);
  }

  @Test
  void noTextIsThereTwice() {
    List<String> texts = errors.lines().stream().map(NodeErrors.Line::text).toList();
    assertThat(texts).doesNotHaveDuplicates();
    Set<Meaning> meanings =
        errors.lines().stream().map(NodeErrors.Line::meaning).collect(Collectors.toSet());
    assertThat(meanings).containsExactlyInAnyOrder(Meaning.values());
    assertThat(errors.lines().stream().map(NodeErrors.Line::kind).distinct())
        .containsExactlyInAnyOrder(ErrorKind.values());
  }

  @Test
  void refusesATableItCannotRead() {
    assertThatThrownBy(() -> NodeErrors.parse("REFUSED | one bar"))
        .hasMessageContaining("a meaning, a kind and a text");
    assertThatThrownBy(() -> NodeErrors.parse("PERHAPS | OTHER | text"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NodeErrors.parse("REFUSED | MOOD | text"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
