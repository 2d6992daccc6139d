package dev.countersign.nonce.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.balance.Holding;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.node.NodeUnavailableException;
import java.math.BigInteger;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What anvil does not make: fees of other chains, and odd logs. The rest is tested with the
/// server.
class MovesOfReceiptTest {
  private static final ChainId CHAIN = ChainId.ofEip155(10);
  private static final AssetId ETHER = AssetId.nativeOf(CHAIN);
  private static final Address SENDER = new Address("0x" + "a1".repeat(20));
  private static final Address PAYEE = new Address("0x" + "b2".repeat(20));
  private static final AssetId TOKEN = AssetId.erc20(CHAIN, new Address("0x" + "5f".repeat(20)));
  private static final String TRANSFER =
      "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

  private final MovesOfReceipt moves = new MovesOfReceipt(CHAIN, Set.of(ETHER, TOKEN));

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static JsonNode transaction(Address to) {
    return json(
        "{\"from\": \"%s\", \"to\": \"%s\", \"value\": \"0x64\"}"
            .formatted(SENDER.checksummed(), to.hex()));
  }

  /// 7 of gas at 3 wei.
  private static JsonNode receipt(String status, String more, String... logs) {
    return json(
        "{\"status\": \"%s\", \"gasUsed\": \"0x7\", \"effectiveGasPrice\": \"0x3\", %s \"logs\": [%s]}"
            .formatted(status, more, String.join(",", logs)));
  }

  private static String log(Address token, String data, String... topics) {
    return "{\"address\": \"%s\", \"data\": \"%s\", \"topics\": [\"%s\"]}"
        .formatted(token.hex(), data, String.join("\",\"", topics));
  }

  private static String word(Address address) {
    return "0x" + "0".repeat(24) + address.hex().substring(2);
  }

  private static String word(int number) {
    return "0x%064x".formatted(number);
  }

  private BigInteger change(Address account, AssetId asset) {
    return moves.changes().getOrDefault(new Holding(account, asset), BigInteger.ZERO);
  }

  @Test
  void theSenderPaysValueAndGasAndThePayeeGetsTheValue() {
    moves.add(transaction(PAYEE), receipt("0x1", ""));
    assertThat(change(SENDER, ETHER)).isEqualTo(-121);
    assertThat(change(PAYEE, ETHER)).isEqualTo(100);
  }

  @Test
  void whatRevertedCostsGasAlone() {
    moves.add(
        transaction(PAYEE),
        receipt("0x0", "", log(PAYEE, word(5), TRANSFER, word(SENDER), word(PAYEE))));
    assertThat(change(SENDER, ETHER)).isEqualTo(-21);
    assertThat(moves.changes()).hasSize(1);
  }

  @Test
  void aPaymentToOneselfCostsGasAlone() {
    moves.add(transaction(SENDER), receipt("0x1", ""));
    assertThat(change(SENDER, ETHER)).isEqualTo(-21);
  }

  @Test
  void theDataFeeOfTheOpStackAndBlobsArePaidToo() {
    moves.add(transaction(PAYEE), receipt("0x0", "\"l1Fee\": \"0x3e8\", \"l1GasUsed\": \"0x1\","));
    assertThat(change(SENDER, ETHER)).isEqualTo(-1021);
    moves.add(
        transaction(PAYEE),
        receipt("0x0", "\"blobGasUsed\": \"0x20000\", \"blobGasPrice\": \"0x2\","));
    assertThat(change(SENDER, ETHER)).isEqualTo(-1021 - 21 - 262_144);
  }

  @Test
  void tokensGoAsTheirLogsSay() {
    Address token = new Address("0x" + "5f".repeat(20));
    moves.add(
        transaction(token),
        receipt(
            "0x1",
            "",
            log(token, word(30), TRANSFER, word(SENDER), word(PAYEE)),
            log(token, word(4), TRANSFER, word(PAYEE), word(SENDER)),
            log(SENDER, word(99), TRANSFER, word(SENDER), word(PAYEE)),
            log(token, "0x", TRANSFER, word(SENDER), word(PAYEE), word(7)),
            log(token, word(8), "0x" + "0".repeat(64), word(SENDER), word(PAYEE))));
    assertThat(change(SENDER, TOKEN)).isEqualTo(-26);
    assertThat(change(PAYEE, TOKEN)).isEqualTo(26);
  }

  @Test
  void aReceiptThatIsNoneIsTheNodesFault() {
    assertThatThrownBy(
            () ->
                moves.add(transaction(PAYEE), json("{\"status\": \"0x1\", \"gasUsed\": \"0x7\"}")))
        .isInstanceOf(NodeUnavailableException.class)
        .hasMessageContaining("effectiveGasPrice");
  }
}
