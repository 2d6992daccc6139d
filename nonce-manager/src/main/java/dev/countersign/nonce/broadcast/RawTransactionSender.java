package dev.countersign.nonce.broadcast;

import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodeText;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Receipt;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Sends signed bytes to a chain's node and makes out what its answers mean.
final class RawTransactionSender {
  private final NodeErrors errors;

  RawTransactionSender(NodeErrors errors) {
    this.errors = errors;
  }

  /// Sends them in order, in JSON-RPC batches.
  ///
  /// @return one outcome for each, in order
  /// @throws NodeUnavailableException when no node has answered; one may still have taken some
  List<SendOutcome> send(NodePool node, List<DueTransaction> transactions) {
    List<RpcAnswer> answers =
        node.call(
            transactions.stream().map(t -> RpcCall.sendRawTransaction(t.transaction())).toList());
    List<SendOutcome> outcomes = new ArrayList<>();
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < transactions.size(); i++) {
      if (answers.get(i) instanceof RpcAnswer.Failure failure
          && errors.meaning(failure.message()) == NodeErrors.Meaning.NONCE_USED) {
        used.add(i);
      }
      outcomes.add(outcome(transactions.get(i), answers.get(i)));
    }
    List<Boolean> ours = areMined(node, used.stream().map(transactions::get).toList());
    for (int i = 0; i < used.size(); i++) {
      if (ours.get(i)) {
        outcomes.set(used.get(i), new SendOutcome.Accepted());
      }
    }
    return outcomes;
  }

  private SendOutcome outcome(DueTransaction transaction, RpcAnswer answer) {
    return switch (answer) {
      case RpcAnswer.Result result -> accepted(transaction, result.value());
      case RpcAnswer.Failure failure ->
          switch (errors.meaning(failure.message())) {
            case KNOWN -> new SendOutcome.Accepted();
            case REFUSED -> new SendOutcome.Refused(text(failure));
            case NONCE_USED, UNKNOWN -> new SendOutcome.Unknown(text(failure));
          };
    };
  }

  private static SendOutcome accepted(DueTransaction transaction, JsonNode result) {
    return result.isString() && transaction.hash().hex().equalsIgnoreCase(result.stringValue())
        ? new SendOutcome.Accepted()
        : new SendOutcome.Unknown(
            "the node answered %s, not the hash".formatted(NodeText.shown(result.toString())));
  }

  /// A nonce that is used up may have been used by these very bytes, sent before.
  private static List<Boolean> areMined(NodePool node, List<DueTransaction> transactions) {
    return node.call(transactions.stream().map(t -> RpcCall.receipt(t.hash())).toList()).stream()
        .map(
            answer ->
                answer instanceof RpcAnswer.Result result
                    && Receipt.read(result.value()).isPresent())
        .toList();
  }

  private static String text(RpcAnswer.Failure failure) {
    return "error %d: %s".formatted(failure.code(), failure.message());
  }
}
