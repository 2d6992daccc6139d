package dev.countersign.nonce.tracking;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.chain.Finality;
import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NoQuorumException;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.Receipt;
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

/// What is asked and written when a chain has a new block. The nodes are asked for one number per
/// account, and for receipts only where that number says there is one: the cost is that of the
/// block, however many transactions wait. What a quorum of them says counts.
final class TrackingRound {
  private static final Logger LOG = LoggerFactory.getLogger(TrackingRound.class);

  /// The most receipts that are asked for at once and written in one transaction.
  private static final int BATCH = 200;

  /// Below every block.
  private static final long NONE = -1;

  private final UnitOfWork unitOfWork;
  private final RequestProgress progress;
  private final NodePool node;
  private final Finality finality;
  private final InstantSource clock;
  private final RevertReplay reverts;

  TrackingRound(
      UnitOfWork unitOfWork,
      RequestProgress progress,
      NodePool node,
      Finality finality,
      InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.progress = progress;
    this.node = node;
    this.finality = finality;
    this.clock = clock;
    this.reverts = new RevertReplay(unitOfWork, node);
  }

  /// What is still open after a round.
  ///
  /// @param unexplained transactions whose nonce is mined and of which a quorum of the nodes has no
  /// receipt: they lag behind themselves, or somebody else has used the nonce
  /// @param undecided how many there are about which the nodes do not agree
  record Open(List<Tracked> unexplained, int undecided) {
    private static final Open NOTHING = new Open(List.of(), 0);

    boolean isNothing() {
      return unexplained.isEmpty() && undecided == 0;
    }

    private Open and(Open other) {
      return new Open(
          Stream.concat(unexplained.stream(), other.unexplained.stream()).toList(),
          undecided + other.undecided);
    }
  }

  /// @param head a block that a quorum of the nodes has reached
  /// @throws NoQuorumException when too few nodes answer; what was written until then stays
  Open run(BlockHead head) {
    List<Address> accounts =
        unitOfWork.inTransaction(t -> TrackedRows.accounts(handle(t), chain()));
    if (accounts.isEmpty()) {
      return Open.NOTHING;
    }
    Map<Address, Long> counts = minedCounts(accounts);
    long deep = newestFinal(head);
    List<Tracked> news =
        unitOfWork.inTransaction(t -> TrackedRows.withNews(handle(t), chain(), counts, deep));
    Open open = Open.NOTHING;
    for (List<Tracked> batch : batches(news)) {
      open = open.and(follow(batch, head, deep));
    }
    return open;
  }

  /// The payloads of a nonce are in one batch, since they are judged together.
  private static List<List<Tracked>> batches(List<Tracked> news) {
    List<List<Tracked>> batches = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= news.size(); i++) {
      boolean full = i - start >= BATCH;
      if (i == news.size() || (full && news.get(i).payload() == 0)) {
        batches.add(news.subList(start, i));
        start = i;
      }
    }
    return batches;
  }

  private ChainId chain() {
    return node.chain();
  }

  private Map<Address, Long> minedCounts(List<Address> accounts) {
    List<Long> answers = node.quorum().minedCounts(accounts).values();
    Map<Address, Long> counts = new HashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      counts.put(accounts.get(i), answers.get(i));
    }
    return counts;
  }

  /// The number of the newest block that is final; below zero where none is.
  private long newestFinal(BlockHead head) {
    try {
      return node.finality().newest(head);
    } catch (NoQuorumException e) {
      // What is mined is written down all the same.
      LOG.warn("{}; no transaction becomes final before they do", e.getMessage());
      return NONE;
    }
  }

  private Open follow(List<Tracked> batch, BlockHead before, long newestFinal) {
    var seen = node.quorum().receipts(batch.stream().map(Tracked::hash).toList());
    // A reorganisation in between may have made the chain shorter: the lower head decides depth.
    long head = Math.min(before.number(), seen.head().number());
    long deep = Math.min(newestFinal, finality.deepest(head));
    List<Judged> judged = new ArrayList<>();
    List<Tracked> waiting = new ArrayList<>();
    int undecided = 0;
    int end = 0;
    for (int start = 0; start < batch.size(); start = end) {
      end = start + 1;
      while (end < batch.size() && batch.get(end).payload() > 0) {
        end++;
      }
      switch (NonceVerdict.of(batch.subList(start, end), seen.values().subList(start, end), deep)) {
        case NonceVerdict.Split(Tracked tracked, String detail) -> {
          undecided++;
          LOG.debug(
              "chain {}: request {}: {}: its nodes do not agree where it is mined, and nothing is"
                  + " concluded: {}",
              chain(),
              tracked.request(),
              tracked.hash(),
              detail);
        }
        case NonceVerdict.Waiting(Tracked tracked) -> waiting.add(tracked);
        case NonceVerdict.News(Judged one) -> judged.add(one);
      }
    }
    if (!judged.isEmpty()) {
      write(judged);
    }
    return new Open(waiting, undecided);
  }

  private void write(List<Judged> judged) {
    Instant now = clock.instant();
    Map<SigningRequestId, String> reasons = reverts.of(judged);
    unitOfWork.run(
        transaction -> {
          var written = TrackedRows.write(handle(transaction), judged, now);
          List<RequestProgress.Step> steps = new ArrayList<>();
          List<RequestProgress.Note> notes = new ArrayList<>();
          for (Judged one : judged) {
            SigningRequestId request = one.transaction().request();
            TrackedRows.Written row = written.get(request);
            if (row == null) {
              continue;
            }
            one.unmined().ifPresent(gone -> notes.add(unmined(gone, now)));
            if (row.reopened()) {
              endedAgain(one, now).ifPresent(notes::add);
            } else {
              step(one, row.unsent(), reasons, now).ifPresent(steps::add);
            }
          }
          progress.make(transaction, steps);
          progress.note(transaction, notes);
        });
  }

  /// Where its request has ended before a reorganisation took the block: the request stays what was
  /// told, and the log says what has become of it.
  private Optional<RequestProgress.Note> endedAgain(Judged judged, Instant now) {
    if (!(judged.verdict() instanceof Verdict.Ended(Receipt receipt))) {
      return Optional.empty();
    }
    Tracked tracked = judged.transaction();
    LOG.warn(
        "chain {}: request {}: nonce {} of {}, which a reorganisation had taken back, is final"
            + " again: {} in block {}, {}",
        chain(),
        tracked.request(),
        tracked.nonce(),
        tracked.lane().address(),
        tracked.hash(),
        receipt.blockNumber(),
        receipt.succeeded() ? "succeeded" : "reverted");
    return Optional.of(new RequestProgress.Note(tracked.request(), now, end(tracked, receipt)));
  }

  /// @param unsent whether the answer to its broadcast was never recorded
  private Optional<RequestProgress.Step> step(
      Judged judged, boolean unsent, Map<SigningRequestId, String> reasons, Instant now) {
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
      case Verdict.Ended(Receipt receipt) ->
          Optional.of(
              ended(tracked, receipt, Optional.ofNullable(reasons.get(tracked.request())), now));
    };
  }

  private RequestProgress.Note unmined(Tracked tracked, Instant now) {
    return new RequestProgress.Note(
        tracked.request(),
        now,
        new AuditEvent.TransactionUnmined(chain(), tracked.nonce(), tracked.hash()));
  }

  private RequestProgress.Step ended(
      Tracked tracked, Receipt receipt, Optional<String> reason, Instant now) {
    RequestMove move = move(tracked, receipt, reason, now);
    return new RequestProgress.Step(move, end(tracked, receipt));
  }

  private AuditEvent end(Tracked tracked, Receipt receipt) {
    return new AuditEvent.TransactionConfirmed(
        chain(),
        tracked.nonce(),
        tracked.hash(),
        receipt.blockNumber(),
        receipt.blockHash(),
        receipt.succeeded());
  }

  /// A cancellation has done what it was for even where it reverts: the nonce is used.
  private RequestMove move(Tracked tracked, Receipt receipt, Optional<String> reason, Instant now) {
    var inclusion =
        new SigningRequest.Inclusion(
            receipt.blockNumber(), receipt.blockHash(), receipt.succeeded());
    return switch (tracked.purpose()) {
      case CANCELLATION ->
          new RequestMove.Cancel(
              tracked.request(),
              now,
              inclusion,
              "cancelled on chain %s by %s in block %d"
                  .formatted(chain(), tracked.hash(), receipt.blockNumber()));
      case ORIGINAL, SPEED_UP ->
          receipt.succeeded()
              ? new RequestMove.Confirm(tracked.request(), now, inclusion)
              : new RequestMove.Revert(
                  tracked.request(),
                  now,
                  "reverted on chain %s in block %d: nonce and fee are spent, nothing else happened%s"
                      .formatted(
                          chain(),
                          receipt.blockNumber(),
                          reason.map(said -> "; a node says why: " + said).orElse("")));
    };
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
