package dev.countersign.nonce.broadcast;

import dev.countersign.core.evm.BlobSidecar;
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

  /// Sends them in order, in JSON-RPC batches; those with blobs by themselves, so that the blobs of
  /// one transaction at a time are in memory. What a node has taken before and is not mined goes to
  /// the other nodes as well: it may have kept it to itself.
  ///
  /// @return one outcome for each, in order
  /// @throws NodeUnavailableException when no node has answered; one may still have taken some
  List<SendOutcome> send(NodePool node, List<DueTransaction> transactions) {
    List<SendOutcome> outcomes = new ArrayList<>();
    List<DueTransaction> run = new ArrayList<>();
    for (DueTransaction transaction : transactions) {
      if (BlobSidecar.isAround(transaction.transaction())) {
        outcomes.addAll(sendRun(node, run));
        run.clear();
        outcomes.add(sendBlobs(node, transaction));
      } else {
        run.add(transaction);
      }
    }
    outcomes.addAll(sendRun(node, run));
    return mined(node, transactions, outcomes);
  }

  private List<SendOutcome> sendRun(NodePool node, List<DueTransaction> run) {
    if (run.isEmpty()) {
      return List.of();
    }
    List<RpcAnswer> answers =
        node.call(
            run.stream().map(t -> RpcCall.sendRawTransaction(t.transaction().bytes())).toList());
    node.tellOthers(
        run.stream()
            .filter(DueTransaction::taken)
            .map(t -> RpcCall.sendRawTransaction(t.transaction().bytes()))
            .toList());
    List<SendOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < run.size(); i++) {
      outcomes.add(outcome(run.get(i), answers.get(i)));
    }
    return outcomes;
  }

  private SendOutcome sendBlobs(NodePool node, DueTransaction transaction) {
    return switch (whole(transaction)) {
      case BlobSupply.Outcome.Whole(Bytes bytes) -> {
        RpcCall call = RpcCall.sendRawTransaction(bytes);
        RpcAnswer answer = node.call(List.of(call)).getFirst();
        if (transaction.taken()) {
          node.tellOthers(List.of(call));
        }
        yield outcome(transaction, answer);
      }
      case BlobSupply.Outcome.Missing(String reason) ->
          new SendOutcome.Unknown(ErrorKind.OTHER, reason);
    };
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
