package dev.countersign.nonce.broadcast;

import dev.countersign.core.model.Bytes;
import dev.countersign.nonce.blob.BlobSupply;
import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.Answered;
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
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Sends signed bytes to a chain's node and makes out what its answers mean.
final class RawTransactionSender {
  private final NodeErrors errors;
  private final BlobSupply blobs;

  RawTransactionSender(NodeErrors errors, BlobSupply blobs) {
    this.errors = errors;
    this.blobs = blobs;
  }

  /// Sends them in order, in JSON-RPC batches. What the node does not take is offered to the
  /// others. What a node has taken before and is not mined goes to the others as well: it may have
  /// kept it to itself.
  ///
  /// @param transactions that have no blobs
  /// @return one outcome for each, in order
  /// @throws NodeUnavailableException when no node has answered; one may still have taken some
  List<SendOutcome> send(NodePool node, List<DueTransaction> transactions) {
    List<RpcCall> calls =
        transactions.stream()
            .map(t -> RpcCall.sendRawTransaction(t.transaction().bytes()))
            .toList();
    Answered first = node.callOne(calls);
    List<SendOutcome> outcomes = mined(node, transactions, outcomes(transactions, first.answers()));
    node.tellOthers(
        first,
        IntStream.range(0, calls.size())
            .filter(i -> transactions.get(i).taken() && SendOutcomes.isAccepted(outcomes.get(i)))
            .mapToObj(calls::get)
            .toList());
    return offered(node, first, transactions, calls, outcomes);
  }

  /// The outcomes, once the other nodes were offered what is not taken: one node may be behind,
  /// full or set up more strictly than they are.
  ///
  /// @param outcomes of the first node, one for each call
  private List<SendOutcome> offered(
      NodePool node,
      Answered first,
      List<DueTransaction> transactions,
      List<RpcCall> calls,
      List<SendOutcome> outcomes) {
    List<Integer> open =
        IntStream.range(0, outcomes.size())
            .filter(i -> !SendOutcomes.isAccepted(outcomes.get(i)))
            .boxed()
            .toList();
    if (open.isEmpty()) {
      return outcomes;
    }
    List<DueTransaction> offered = open.stream().map(transactions::get).toList();
    List<List<SendOutcome>> others =
        node.askOthers(first, open.stream().map(calls::get).toList()).stream()
            .map(answers -> outcomes(offered, answers))
            .toList();
    List<SendOutcome> all = new ArrayList<>(outcomes);
    List<Integer> late = new ArrayList<>();
    boolean isBettered = false;
    for (int i = 0; i < open.size(); i++) {
      int at = open.get(i);
      int each = i;
      List<SendOutcome> theirs = others.stream().map(answers -> answers.get(each)).toList();
      SendOutcome own = outcomes.get(at);
      SendOutcome together = SendOutcomes.together(own, theirs);
      // One that knows it mined already is ahead of the others, and no worse than they are.
      isBettered |=
          !SendOutcomes.isNonceUsed(own)
              && !theirs.isEmpty()
              && theirs.stream().allMatch(SendOutcomes::isAccepted);
      if (SendOutcomes.isNonceUsed(together) && !SendOutcomes.isNonceUsed(own)) {
        late.add(at);
      }
      all.set(at, together);
    }
    if (isBettered) {
      node.wasBettered(first);
    }
    List<SendOutcome> looked =
        mined(
            node,
            late.stream().map(transactions::get).toList(),
            late.stream().map(all::get).toList());
    for (int i = 0; i < late.size(); i++) {
      all.set(late.get(i), looked.get(i));
    }
    return all;
  }

  private List<SendOutcome> outcomes(List<DueTransaction> transactions, List<RpcAnswer> answers) {
    return IntStream.range(0, transactions.size())
        .mapToObj(i -> outcome(transactions.get(i), answers.get(i)))
        .toList();
  }

  /// Sends one that has blobs, with them. It is large, and so a proxy that does not let it through,
  /// or a line that is too slow for it, says nothing of how the node does. The other nodes are told
  /// of it each time: one that was down, or could not take it yet, would never hear of it
  /// otherwise, and the one that has taken it may keep it to itself.
  SendOutcome sendBlobs(NodePool node, DueTransaction transaction) {
    return switch (whole(transaction)) {
      case BlobSupply.Outcome.Whole(Bytes bytes) ->
          sendBlobs(node, transaction, RpcCall.sendRawTransaction(bytes));
      case BlobSupply.Outcome.Missing(String reason) ->
          new SendOutcome.Unknown(ErrorKind.OTHER, reason);
    };
  }

  private SendOutcome sendBlobs(NodePool node, DueTransaction transaction, RpcCall call) {
    Answered first;
    try {
      first = node.passOnToOne(List.of(call));
    } catch (NodeUnavailableException e) {
      return new SendOutcome.Unknown(
          ErrorKind.OTHER, NodeText.shown(String.valueOf(e.getMessage())));
    }
    List<DueTransaction> one = List.of(transaction);
    List<SendOutcome> outcome = mined(node, one, outcomes(one, first.answers()));
    if (SendOutcomes.isAccepted(outcome.getFirst())) {
      node.tellOthers(first, List.of(call));
    }
    return offered(node, first, one, List.of(call), outcome).getFirst();
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
      if (SendOutcomes.isNonceUsed(outcomes.get(i))) {
        used.add(i);
      }
    }
    List<SendOutcome> all = new ArrayList<>(outcomes);
    List<Boolean> ours = areMined(node, used.stream().map(transactions::get).toList());
    for (int i = 0; i < used.size(); i++) {
      if (ours.get(i)) {
        all.set(used.get(i), new SendOutcome.Accepted(false));
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
          case KNOWN -> new SendOutcome.Accepted(false);
          case REFUSED -> new SendOutcome.Refused(line.kind(), text(failure));
          case NONCE_USED, UNKNOWN -> new SendOutcome.Unknown(line.kind(), text(failure));
        };
      }
    };
  }

  private static SendOutcome accepted(DueTransaction transaction, JsonNode result) {
    return result.isString() && transaction.hash().hex().equalsIgnoreCase(result.stringValue())
        ? new SendOutcome.Accepted(true)
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
