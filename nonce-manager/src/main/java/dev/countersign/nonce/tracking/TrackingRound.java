package dev.countersign.nonce.tracking;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.Quantities;
import dev.countersign.nonce.node.Receipt;
import dev.countersign.nonce.node.RpcCall;
import dev.countersign.nonce.progress.RequestProgress;
import dev.countersign.nonce.tracking.TrackedRows.Judged;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// What is asked and written when a chain has a new block. The node is asked for one number per
/// account, and for receipts only where that number says there is one: the cost is that of the
/// block, however many transactions wait.
final class TrackingRound {
  private static final Logger LOG = LoggerFactory.getLogger(TrackingRound.class);

  /// The most receipts that are asked for at once and written in one transaction.
  private static final int BATCH = 200;

  private final UnitOfWork unitOfWork;
  private final RequestProgress progress;
  private final NodePool node;
  private final int confirmations;
  private final InstantSource clock;

  TrackingRound(
      UnitOfWork unitOfWork,
      RequestProgress progress,
      NodePool node,
      int confirmations,
      InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.progress = progress;
    this.node = node;
    this.confirmations = confirmations;
    this.clock = clock;
  }

  /// @return the transactions whose nonce is mined and of which the node has no receipt: it lags
  /// behind itself, or somebody else has used the nonce
  List<Tracked> run(BlockHead head) {
    List<Address> accounts =
        unitOfWork.inTransaction(t -> TrackedRows.accounts(handle(t), chain()));
    if (accounts.isEmpty()) {
      return List.of();
    }
    Map<Address, Long> counts = minedCounts(accounts);
    long deep = head.number() - confirmations + 1;
    List<Tracked> news =
        unitOfWork.inTransaction(t -> TrackedRows.withNews(handle(t), chain(), counts, deep));
    List<Tracked> unexplained = new ArrayList<>();
    for (int start = 0; start < news.size(); start += BATCH) {
      List<Tracked> batch = news.subList(start, Math.min(start + BATCH, news.size()));
      unexplained.addAll(follow(batch, head));
    }
    return unexplained;
  }

  private ChainId chain() {
    return node.chain();
  }

  private Map<Address, Long> minedCounts(List<Address> accounts) {
    List<JsonNode> answers = node.results(accounts.stream().map(RpcCall::minedCount).toList());
    Map<Address, Long> counts = new HashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      counts.put(accounts.get(i), Quantities.readLong("mined count", answers.get(i)));
    }
    return counts;
  }

  private List<Tracked> follow(List<Tracked> batch, BlockHead before) {
    List<JsonNode> answers =
        node.results(
            Stream.concat(
                    batch.stream().map(tracked -> RpcCall.receipt(tracked.hash())),
                    Stream.of(RpcCall.latestBlock()))
                .toList());
    // A reorganisation in between may have made the chain shorter: the lower head decides depth.
    long head = Math.min(before.number(), BlockHead.read(answers.getLast()).number());
    List<Judged> judged = new ArrayList<>();
    List<Tracked> waiting = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      Tracked tracked = batch.get(i);
      Optional<Receipt> receipt = Receipt.read(answers.get(i));
      Verdict verdict = Verdict.of(tracked.mined(), receipt, head, confirmations);
      if (verdict instanceof Verdict.Waiting) {
        waiting.add(tracked);
      } else {
        judged.add(new Judged(tracked, verdict));
      }
    }
    if (!judged.isEmpty()) {
      write(judged);
    }
    return waiting;
  }

  private void write(List<Judged> judged) {
    Instant now = clock.instant();
    unitOfWork.run(
        transaction -> {
          var written = TrackedRows.write(handle(transaction), judged, now);
          progress.make(
              transaction,
              judged.stream()
                  .filter(one -> written.containsKey(one.transaction().request()))
                  .flatMap(
                      one ->
                          step(one, written.getOrDefault(one.transaction().request(), false), now)
                              .stream())
                  .toList());
          progress.note(
              transaction,
              judged.stream()
                  .filter(one -> one.verdict() instanceof Verdict.Unmined)
                  .filter(one -> written.containsKey(one.transaction().request()))
                  .map(one -> unmined(one.transaction(), now))
                  .toList());
        });
  }

  /// @param unsent whether the answer to its broadcast was never recorded
  private Optional<RequestProgress.Step> step(Judged judged, boolean unsent, Instant now) {
    Tracked tracked = judged.transaction();
    return switch (judged.verdict()) {
      case Verdict.Waiting() -> Optional.empty();
      case Verdict.Unmined() -> {
        LOG.warn(
            "chain {}: request {}: nonce {} of {}, {} was mined and is not any longer; sending it"
                + " again",
            chain(),
            tracked.request(),
            tracked.nonce(),
            tracked.lane().address(),
            tracked.hash());
        yield Optional.empty();
      }
      case Verdict.Mined(Receipt receipt) ->
          unsent
              ? Optional.of(
                  new RequestProgress.Step(
                      new RequestMove.Broadcast(tracked.request(), now),
                      new AuditEvent.TransactionBroadcast(
                          chain(), tracked.nonce(), tracked.hash())))
              : Optional.empty();
      case Verdict.Ended(Receipt receipt) -> Optional.of(ended(tracked, receipt, now));
    };
  }

  private RequestProgress.Note unmined(Tracked tracked, Instant now) {
    return new RequestProgress.Note(
        tracked.request(),
        now,
        new AuditEvent.TransactionUnmined(chain(), tracked.nonce(), tracked.hash()));
  }

  private RequestProgress.Step ended(Tracked tracked, Receipt receipt, Instant now) {
    RequestMove move =
        receipt.succeeded()
            ? new RequestMove.Confirm(
                tracked.request(),
                now,
                new SigningRequest.Inclusion(receipt.blockNumber(), receipt.blockHash(), true))
            : new RequestMove.Revert(
                tracked.request(),
                now,
                "reverted on chain %s in block %d: nonce and fee are spent, nothing else happened"
                    .formatted(chain(), receipt.blockNumber()));
    return new RequestProgress.Step(
        move,
        new AuditEvent.TransactionConfirmed(
            chain(),
            tracked.nonce(),
            tracked.hash(),
            receipt.blockNumber(),
            receipt.blockHash(),
            receipt.succeeded()));
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
