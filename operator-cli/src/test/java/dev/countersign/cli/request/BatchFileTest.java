package dev.countersign.cli.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.BatchError;
import dev.countersign.api.v1.BatchItem;
import dev.countersign.api.v1.BatchResult;
import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFileTest {
  private static final String HEAD =
      "\"requestId\": \"a\", \"wallet\": \"hot\", \"chain\": \"eip155:1\"";

  private static List<BatchFile.Line> read(String... lines) {
    return BatchFile.read("payments.jsonl", List.of(lines));
  }

  private static BatchItem item(String rest) {
    return read("{" + HEAD + ", " + rest + "}").getFirst().item();
  }

  @Test
  void readsEveryKind() {
    var transfer = item("\"to\": \"0x01\", \"amount\": \"0.25ether\"").getTransaction();
    assertThat(transfer.getRequestId()).isEqualTo("a");
    assertThat(transfer.getWallet()).isEqualTo("hot");
    assertThat(transfer.getChain()).isEqualTo("eip155:1");
    assertThat(transfer.getNativeTransfer().getAmount()).isEqualTo("250000000000000000");
    var token = item("\"to\": \"0x01\", \"amount\": \"7\", \"token\": \"0x02\"").getTransaction();
    assertThat(token.getErc20Transfer().getToken()).isEqualTo("0x02");
    assertThat(token.getErc20Transfer().getAmount()).isEqualTo("7");
    var call = item("\"to\": \"0x01\", \"data\": \"0xA9059CBB\"").getTransaction();
    assertThat(call.getContractCall().getData()).isEqualTo(ByteString.fromHex("a9059cbb"));
    assertThat(call.getContractCall().getValue()).isEqualTo("0");
    var creation = item("\"create\": \"0x6000\"").getTransaction();
    assertThat(creation.getContractCreation().getInitCode()).isEqualTo(ByteString.fromHex("6000"));
    assertThat(item("\"text\": \"log in\"").getMessage().getMessage().toStringUtf8())
        .isEqualTo("log in");
    assertThat(item("\"typedData\": {\"a\": 1}").getTypedData().getTypedData())
        .isEqualTo("{\"a\":1}");
  }

  @Test
  void countsLinesAndPassesOverEmptyOnesAndRemarks() {
    assertThat(read("# payments", "", "{" + HEAD + ", \"to\": \"0x01\"}"))
        .extracting(BatchFile.Line::number)
        .containsExactly(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1] | line 1: expected a JSON object",
        "{\"requestId\" | line 1: no JSON: ",
        "{\"requestId\": \"a\", \"requestId\": \"b\"} | line 1: no JSON: Duplicate",
        "{\"wallet\": \"hot\"} | line 1: requestId: expected text in quotes, got nothing",
        "{\"requestId\": 7} | line 1: requestId: expected text in quotes, got 7",
        "{HEAD} | expected exactly one of create, text, to, typedData, got none",
        "{HEAD, \"to\": \"0x1\", \"text\": \"b\"} | got text and to",
        "{HEAD, \"text\": \"b\", \"amount\": \"1\"} | unknown key \"amount\"; with text there are",
        "{HEAD, \"to\": \"0x1\", \"amuont\": \"1\"} | unknown key \"amuont\"; with to there are"
            + " amount",
        "{HEAD, \"to\": \"0x1\", \"amount\": \"-1\"} | amount: '-1' is not an amount",
        "{HEAD, \"to\": \"0x1\", \"data\": \"0x1\"} | data: expected 0x and an even number",
        "{HEAD, \"to\": \"0x1\", \"data\": \"0x11\", \"token\": \"0x2\"} | exclude each other",
        "{HEAD, \"typedData\": \"{}\"} | typedData: expected a JSON object",
      })
  void saysWhatIsWrongOnWhichLine(String line, String message) {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> read(line.replace("HEAD", HEAD)))
        .withMessageContaining("payments.jsonl, line 1: ")
        .withMessageContaining(message);
  }

  @Test
  void namesEveryWrongLineAndRefusesAnIdThatIsThereTwice() {
    String good = "{" + HEAD + ", \"to\": \"0x01\"}";
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> read(good, "{}", good))
        .withMessageContaining("line 2: requestId: expected text")
        .withMessageContaining("line 3: the requestId of line 1");
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> read("# nothing"))
        .withMessageContaining("has no lines");
  }

  @Test
  void sendsNoMoreAtOnceThanAServerTakes() {
    BatchItem small =
        BatchItem.newBuilder()
            .setMessage(SignMessageRequest.newBuilder().setRequestId("a"))
            .build();
    BatchItem large =
        BatchItem.newBuilder()
            .setMessage(
                SignMessageRequest.newBuilder().setMessage(ByteString.copyFrom(new byte[400_000])))
            .build();
    assertThat(sizes(small, 250)).containsExactly(100, 100, 50);
    assertThat(sizes(small, 1)).containsExactly(1);
    assertThat(sizes(large, 5)).containsExactly(2, 2, 1);
  }

  private static List<Integer> sizes(BatchItem item, int count) {
    return BatchCommand.parts(
            IntStream.range(0, count).mapToObj(i -> new BatchFile.Line(i, item)).toList())
        .stream()
        .map(List::size)
        .toList();
  }

  @Test
  void tellsWhatBecameOfALine() {
    var signed =
        BatchResult.newBuilder()
            .setRequestId("a")
            .setRequest(
                SigningRequest.newBuilder()
                    .setState(SigningRequest.State.STATE_SIGNED)
                    .setNonce(7)
                    .setTransactionHash("0x0a"))
            .build();
    var refused =
        BatchResult.newBuilder()
            .setRequestId("b")
            .setError(
                BatchError.newBuilder()
                    .setReason("LANE_FULL")
                    .setField("wallet")
                    .setMessage("16 are in flight")
                    .setRetryable(true))
            .build();
    assertThat(BatchCommand.text(3, signed)).isEqualTo("line 3  a  SIGNED  nonce 7  0x0a");
    assertThat(BatchCommand.text(4, refused))
        .isEqualTo("line 4  b  LANE_FULL (wallet): 16 are in flight; may be sent again");
    assertThat(BatchCommand.exitCode(signed)).isEqualTo(ExitCode.OK);
    assertThat(BatchCommand.exitCode(refused)).isEqualTo(ExitCode.NO);
  }
}
