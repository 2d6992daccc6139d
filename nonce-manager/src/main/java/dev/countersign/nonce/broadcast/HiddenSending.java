package dev.countersign.nonce.broadcast;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.blob.BlobSupply;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodeText;
import dev.countersign.nonce.node.NodeUnavailableException;
import dev.countersign.nonce.node.PrivateRelay;
import dev.countersign.nonce.progress.RequestProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what goes by a private relay. None of it gets to a node from here: what policy lets become
/// public after some blocks is marked so in the database, with its audit entry, and is sent by the
/// nodes once that is committed, by whichever instance claims it then.
final class HiddenSending {
  private static final Logger LOG = LoggerFactory.getLogger(HiddenSending.class);

  private final UnitOfWork unitOfWork;
  private final RequestProgress progress;
  private final RawTransactionSender reading;

  /// @param reading makes out what answers mean
  HiddenSending(UnitOfWork unitOfWork, RequestProgress progress, RawTransactionSender reading) {
    this.unitOfWork = unitOfWork;
    this.progress = progress;
    this.reading = reading;
  }

  /// What was sent.
  ///
  /// @param outcomes one for each, in order
  record Sent(List<DueTransaction> transactions, List<SendOutcome> outcomes) {}

  /// Sends them to the relay, but for those that are public by now.
  Sent send(NodePool node, List<DueTransaction> due, Instant now) {
    OptionalLong head = head(node);
    Set<SigningRequestId> over =
        head.isPresent() ? makePublic(due, head.getAsLong(), now) : Set.of();
    List<DueTransaction> hidden = due.stream().filter(t -> !over.contains(t.request())).toList();
    List<SendOutcome> outcomes = new ArrayList<>();
    Optional<SendOutcome> unanswered = Optional.empty();
    for (DueTransaction transaction : hidden) {
      if (unanswered.isPresent()) {
        // One wait for a relay that is away is enough.
        outcomes.add(unanswered.get());
        continue;
      }
      try {
        outcomes.add(send(node, transaction, until(transaction, head)));
      } catch (NodeUnavailableException e) {
        unanswered =
            Optional.of(
                new SendOutcome.Unknown(
                    ErrorKind.OTHER, NodeText.shown(String.valueOf(e.getMessage()))));
        outcomes.add(unanswered.get());
      }
    }
    return new Sent(hidden, reading.mined(node, hidden, outcomes));
  }

  private SendOutcome send(NodePool node, DueTransaction transaction, OptionalLong until) {
    Optional<PrivateRelay> relay = node.privateRelay();
    if (relay.isEmpty()) {
      return new SendOutcome.Unknown(
          ErrorKind.OTHER, "the chain's definition has no private relay any more");
    }
    return switch (reading.whole(transaction)) {
      case BlobSupply.Outcome.Whole(Bytes bytes) ->
          reading.outcome(transaction, relay.get().send(bytes, until));
      case BlobSupply.Outcome.Missing(String reason) ->
          new SendOutcome.Unknown(ErrorKind.OTHER, reason);
    };
  }

  /// By the word of a quorum: one node that lies about it must not make anything public early.
  private static OptionalLong head(NodePool node) {
    try {
      return OptionalLong.of(node.quorum().head().number());
    } catch (NodeUnavailableException e) {
      LOG.warn(
          "chain {}: what is private waits to become public: {}", node.chain(), e.getMessage());
      return OptionalLong.empty();
    }
  }

  /// @return those that are public from now on
  private Set<SigningRequestId> makePublic(List<DueTransaction> due, long head, Instant now) {
    List<DueTransaction> fresh = due.stream().filter(t -> since(t).isEmpty()).toList();
    List<DueTransaction> over = due.stream().filter(t -> isOver(t, head)).toList();
    if (fresh.isEmpty() && over.isEmpty()) {
      return Set.of();
    }
    Set<SigningRequestId> made =
        unitOfWork.inTransaction(
            transaction -> {
              Handle handle = transaction.unwrap(Handle.class);
              SendQueue.beginHiding(handle, fresh, head);
              Set<SigningRequestId> changed = SendQueue.makePublic(handle, over, head, now);
              progress.note(
                  transaction,
                  over.stream()
                      .filter(t -> changed.contains(t.request()))
                      .map(t -> new RequestProgress.Note(t.request(), now, event(t, head)))
                      .toList());
              return changed;
            });
    made.forEach(
        request -> LOG.warn("request {}: is sent publicly from now on, as policy has it", request));
    return over.stream().map(DueTransaction::request).collect(Collectors.toSet());
  }

  private static OptionalLong since(DueTransaction transaction) {
    return transaction.hidden().map(DueTransaction.Hidden::since).orElseThrow();
  }

  /// The last block in which the relay alone is to get it mined; nothing when it alone ever is, or
  /// when no quorum tells where the chain is.
  private static OptionalLong until(DueTransaction transaction, OptionalLong head) {
    DueTransaction.Hidden hidden = transaction.hidden().orElseThrow();
    OptionalLong since = hidden.since().isPresent() ? hidden.since() : head;
    return since.isPresent() && hidden.publicAfter().isPresent()
        ? OptionalLong.of(since.getAsLong() + hidden.publicAfter().getAsLong())
        : OptionalLong.empty();
  }

  private static boolean isOver(DueTransaction transaction, long head) {
    OptionalLong until = until(transaction, OptionalLong.empty());
    return until.isPresent() && head >= until.getAsLong();
  }

  private static AuditEvent event(DueTransaction transaction, long head) {
    DueTransaction.Hidden hidden = transaction.hidden().orElseThrow();
    return new AuditEvent.TransactionMadePublic(
        transaction.lane().chain(),
        transaction.nonce(),
        Math.toIntExact(hidden.publicAfter().orElseThrow()),
        hidden.since().orElseThrow(),
        head);
  }
}
