package dev.countersign.nonce.broadcast;

import dev.countersign.core.model.Bytes;
import dev.countersign.nonce.blob.BlobSupply;
import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.NoQuorumException;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodeText;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.Receipt;
import dev.countersign.nonce.node.RpcAnswer;
import dev.countersign.nonce.node.RpcCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Sends signed bytes to a chain's node and makes out what its answers mean.
final class RawTransactionSender {
  private final NodeErrors errors;
  private final BlobSupply blobs;

  RawTransactionSender(NodeErrors errors, BlobSupply blobs) {
    this.errors = errors;
    this.blobs = blobs;
  }

  /// Sends them in order, in JSON-RPC batches. What a node has taken before and is not mined goes
  /// to the other nodes as well: it may have kept it to itself.
  ///
  /// @param transactions that have no blobs
  /// @return one outcome for each, in order
  /// @throws NodeUnavailableException when no node has answered; one may still have taken some
  List<SendOutcome> send(NodePool node, List<DueTransaction> transactions) {
    List<RpcAnswer> answers = node.call(calls(transactions));
    node.tellOthers(calls(transactions.stream().filter(DueTransaction::taken).toList()));
    List<SendOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < transactions.size(); i++) {
      outcomes.add(outcome(transactions.get(i), answers.get(i)));
    }
    return mined(node, transactions, outcomes);
  }

  private static List<RpcCall> calls(List<DueTransaction> transactions) {
    return transactions.stream()
        .map(t -> RpcCall.sendRawTransaction(t.transaction().bytes()))
        .toList();
  }

  /// Sends one that has blobs, with them. It is large, and so a proxy that does not let it through,
  /// or a line that is too slow for it, says nothing of how the node does. The other nodes are told
  /// of it once.
  SendOutcome sendBlobs(NodePool node, DueTransaction transaction) {
    return switch (whole(transaction)) {
      case BlobSupply.Outcome.Whole(Bytes bytes) ->
          sendBlobs(node, transaction, RpcCall.sendRawTransaction(bytes));
      case BlobSupply.Outcome.Missing(String reason) ->
          new SendOutcome.Unknown(ErrorKind.OTHER, reason);
    };
  }

  private SendOutcome sendBlobs(NodePool node, DueTransaction transaction, RpcCall call) {
    RpcAnswer answer;
    try {
      answer = node.passOn(List.of(call)).getFirst();
    } catch (NodeUnavailableException e) {
      return new SendOutcome.Unknown(
          ErrorKind.OTHER, NodeText.shown(String.valueOf(e.getMessage())));
    }
    SendOutcome outcome =
        mined(node, List.of(transaction), List.of(outcome(transaction, answer))).getFirst();
    if (outcome instanceof SendOutcome.Accepted && !transaction.taken()) {
      node.tellOthers(List.of(call));
    }
    return outcome;
  }

  /// As a node or a relay takes it.
  BlobSupply.Outcome whole(DueTransaction transaction) {
    return blobs.whole(
        transaction.lane().chain(), transaction.request(), transaction.transaction());
  }

  /// The same outcomes, but accepted where the nonce is used up by these very bytes.
  List<SendOutcome> mined(
      NodePool node, List<DueTransaction> transactions, List<SendOutcome> outcomes) {
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof SendOutcome.Unknown(ErrorKind kind, String _)
          && kind == ErrorKind.NONCE_TOO_LOW) {
        used.add(i);
      }
    }
    List<SendOutcome> all = new ArrayList<>(outcomes);
    List<Boolean> ours = areMined(node, used.stream().map(transactions::get).toList());
    for (int i = 0; i < used.size(); i++) {
      if (ours.get(i)) {
        all.set(used.get(i), new SendOutcome.Accepted());
      }
    }
    return all;
  }

  /// What an answer to one of them means.
  SendOutcome outcome(DueTransaction transaction, RpcAnswer answer) {
    return switch (answer) {
      case RpcAnswer.Result result -> accepted(transaction, result.value());
      case RpcAnswer.Failure failure -> {
        NodeErrors.Line line = errors.of(failure.message());
        yield switch (line.meaning()) {
          case KNOWN -> new SendOutcome.Accepted();
          case REFUSED -> new SendOutcome.Refused(line.kind(), text(failure));
          case NONCE_USED, UNKNOWN -> new SendOutcome.Unknown(line.kind(), text(failure));
        };
      }
    };
  }

  private static SendOutcome accepted(DueTransaction transaction, JsonNode result) {
    return result.isString() && transaction.hash().hex().equalsIgnoreCase(result.stringValue())
        ? new SendOutcome.Accepted()
        : new SendOutcome.Unknown(
            ErrorKind.OTHER,
            "the node answered %s, not the hash".formatted(NodeText.shown(result.toString())));
  }

  /// A nonce that is used up may have been used by these very bytes, sent before. Where nodes do
  /// not agree on that, or too few answer, it is not concluded.
  private static List<Boolean> areMined(NodePool node, List<DueTransaction> transactions) {
    if (transactions.isEmpty()) {
      return List.of();
    }
    try {
      return node
          .quorum()
          .receipts(transactions.stream().map(DueTransaction::hash).toList())
          .values()
          .stream()
          .map(
              answer ->
                  answer instanceof Agreement.Agreed<Optional<Receipt>>(var receipt)
                      && receipt.isPresent())
          .toList();
    } catch (NoQuorumException _) {
      return transactions.stream().map(_ -> false).toList();
    }
  }

  private static String text(RpcAnswer.Failure failure) {
    return "error %d: %s".formatted(failure.code(), failure.message());
  }
}
