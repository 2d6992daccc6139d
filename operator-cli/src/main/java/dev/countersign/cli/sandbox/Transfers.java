package dev.countersign.cli.sandbox;

import com.google.protobuf.Duration;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.cli.request.RequestText;
import dev.countersign.testenv.chain.ChainRpc;
import java.util.UUID;

/// The two transfers that a sandbox shows: one that its policy allows, one that it refuses.
///
/// @param desk a connection of the trading desk
/// @param chain to see for ourselves what was mined
record Transfers(ServerConnection desk, ChainRpc chain) {
  /// A quarter of an ether, in wei.
  static final String AMOUNT = "250000000000000000";

  private static final int SECONDS_TO_CONFIRM = 60;
  private static final java.time.Duration ANSWER_WITHIN = java.time.Duration.ofSeconds(90);

  /// Sends the one that is allowed, and waits until the chain has it.
  ///
  /// @throws CommandException when anything else comes of it
  SigningRequest allowed() {
    var signed = sign(PolicyFile.EXCHANGE);
    var question =
        WaitSigningRequestRequest.newBuilder()
            .setId(signed.getId())
            .setTimeout(Duration.newBuilder().setSeconds(SECONDS_TO_CONFIRM))
            .build();
    var ended = desk.signing(ANSWER_WITHIN).waitSigningRequest(question).getRequest();
    if (ended.getState() != SigningRequest.State.STATE_CONFIRMED) {
      throw unexpected("allowed", "CONFIRMED", ended);
    }
    var receipt = chain.call("eth_getTransactionReceipt", ended.getTransactionHash());
    if (!receipt.path("status").asText().equals("0x1")
        || !receipt.path("to").asText().equalsIgnoreCase(PolicyFile.EXCHANGE)) {
      throw CommandException.no(
          "the chain does not have "
              + ended.getTransactionHash()
              + ", which is said to be confirmed; its receipt: "
              + receipt);
    }
    return ended;
  }

  /// Sends the one that is refused.
  ///
  /// @throws CommandException when it is not
  SigningRequest refused() {
    var answer = sign(PolicyFile.STRANGER);
    if (answer.getState() != SigningRequest.State.STATE_DENIED) {
      throw unexpected("refused", "DENIED", answer);
    }
    return answer;
  }

  private SigningRequest sign(String to) {
    var request =
        SignTransactionRequest.newBuilder()
            .setRequestId("sandbox-" + UUID.randomUUID())
            .setWallet(Treasury.FIRST_WALLET)
            .setChain(Treasury.CHAIN)
            .setNativeTransfer(NativeTransfer.newBuilder().setTo(to).setAmount(AMOUNT))
            .build();
    return desk.signing().signTransaction(request).getRequest();
  }

  private static CommandException unexpected(
      String meant, String expected, SigningRequest request) {
    return CommandException.no(
        "the transfer that policy should have "
            + meant
            + " did not end as it should\n  expected: "
            + expected
            + "\n  got:\n    "
            + String.join("\n    ", RequestText.describe(request)));
  }
}
