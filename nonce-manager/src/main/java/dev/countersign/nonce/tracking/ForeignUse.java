package dev.countersign.nonce.tracking;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.ForeignUseGuard;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.lane.LanePauses;
import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.progress.RequestProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out that somebody else has used a key of ours: a nonce is mined in a final block, by a
/// quorum, and it is nobody's or none of its payloads has a receipt, by a quorum, at several
/// heads. Then the lane is paused until an operator resumes it, and the request that owned the
/// nonce ends as REPLACED. Not for several threads at once.
final class ForeignUse {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignUse.class);
  private static final Actor ACTOR = Actor.system("tracker");

  /// How often all lanes of the chain are looked at, whatever happens in them.
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private final UnitOfWork unitOfWork;
  private final RequestProgress progress;
  private final AuditTrail audit;
  private final ForeignUseGuard guard;
  private final NodePool node;
  private final InstantSource clock;
  private final AtomicLong alarms = new AtomicLong();
  private final Sightings<SigningRequestId> sightings = new Sightings<>();
  private Instant lookedAt = Instant.MIN;

  ForeignUse(
      UnitOfWork unitOfWork,
      RequestProgress progress,
      AuditTrail audit,
      ForeignUseGuard guard,
      NodePool node,
      InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.progress = progress;
    this.audit = audit;
    this.guard = guard;
    this.node = node;
    this.clock = clock;
  }

  /// How often it was found on this instance.
  long alarms() {
    return alarms.get();
  }

  /// Forgets what it has seen: another instance has followed the chain meanwhile.
  void forget() {
    sightings.forget();
    lookedAt = Instant.MIN;
  }

  /// After a round.
  ///
  /// @param unexplained transactions whose nonces are mined and of which a quorum has no receipt
  void look(BlockHead head, List<Tracked> unexplained) {
    List<Tracked> lost = seenAgain(head, unexplained);
    Instant now = clock.instant();
    boolean isTime = !now.isBefore(lookedAt.plus(INTERVAL));
    if (lost.isEmpty() && !isTime) {
      return;
    }
    Map<Address, Nonce> unowned =
        isTime
            ? unitOfWork.inTransaction(t -> ForeignRows.lowestUnowned(handle(t), chain()))
            : Map.of();
    Set<Address> accounts =
        lost.stream().map(tracked -> tracked.lane().address()).collect(Collectors.toSet());
    accounts.addAll(unowned.keySet());
    if (!accounts.isEmpty()) {
      Map<Address, Long> counts = minedFinally(head, List.copyOf(accounts));
      lost.forEach(
          tracked -> {
            long mined = counts.getOrDefault(tracked.lane().address(), 0L);
            if (tracked.nonce().value() < mined) {
              end(tracked, mined);
            }
          });
      unowned.forEach(
          (address, lowest) -> {
            long mined = counts.getOrDefault(address, 0L);
            if (lowest.value() < mined) {
              pause(address, mined);
            }
          });
    }
    if (isTime) {
      lookedAt = now;
    }
  }

  private ChainId chain() {
    return node.chain();
  }

  /// Those that were without a receipt at enough heads.
  private List<Tracked> seenAgain(BlockHead head, List<Tracked> unexplained) {
    Set<SigningRequestId> now =
        unexplained.stream().map(Tracked::request).collect(Collectors.toSet());
    List<SigningRequestId> enough = sightings.at(head, clock.instant(), now);
    return unexplained.stream().filter(tracked -> enough.contains(tracked.request())).toList();
  }

  /// What is mined in final blocks; accounts that the nodes differ about are left out.
  private Map<Address, Long> minedFinally(BlockHead head, List<Address> accounts) {
    List<Agreement<Long>> answers = node.finality().minedCounts(head, accounts);
    Map<Address, Long> counts = new HashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      if (answers.get(i) instanceof Agreement.Agreed<Long>(Long count)) {
        counts.put(accounts.get(i), count);
      }
    }
    return counts;
  }

  private void end(Tracked tracked, long mined) {
    Instant now = clock.instant();
    Lane lane = tracked.lane();
    String detail =
        "nonce %s of %s on %s is mined by a transaction that was not signed here"
            .formatted(tracked.nonce(), lane.address(), chain());
    boolean ended =
        unitOfWork.inTransaction(
            transaction -> {
              Handle handle = handle(transaction);
              ForeignRows.lockLowest(handle, chain(), lane.address());
              if (!ForeignRows.end(handle, tracked.request(), now)) {
                return false;
              }
              pause(transaction, lane, now, detail);
              progress.make(
                  transaction,
                  List.of(
                      new RequestProgress.Step(
                          new RequestMove.Replace(tracked.request(), now, detail),
                          new AuditEvent.ForeignTransaction(
                              chain(), lane.address(), tracked.nonce(), mined))));
              return true;
            });
    if (ended) {
      sightings.forget(tracked.request());
      alarm(lane, "request %s is lost: %s".formatted(tracked.request(), detail));
    }
  }

  /// More is mined than was ever given out.
  private void pause(Address address, long mined) {
    Instant now = clock.instant();
    Lane lane = new Lane(chain(), address);
    Optional<String> paused =
        unitOfWork.inTransaction(
            transaction -> {
              Optional<Nonce> lowest =
                  ForeignRows.lockLowest(handle(transaction), chain(), address)
                      .filter(nonce -> nonce.value() < mined);
              Optional<String> detail =
                  lowest.map(
                      nonce ->
                          "%d transactions of %s are mined on %s, and nonce %s was never used here"
                              .formatted(mined, address, chain(), nonce));
              if (detail.isEmpty() || !pause(transaction, lane, now, detail.get())) {
                return Optional.empty();
              }
              audit.append(
                  transaction,
                  List.of(
                      AuditRecord.of(
                          now,
                          ACTOR,
                          new AuditEvent.ForeignTransaction(
                              chain(), address, lowest.get(), mined))));
              return detail;
            });
    paused.ifPresent(detail -> alarm(lane, detail));
  }

  private boolean pause(Transaction transaction, Lane lane, Instant now, String detail) {
    boolean paused =
        LanePauses.pause(
            handle(transaction),
            lane,
            new LaneObstacle.Paused(LaneObstacle.Reason.FOREIGN_USE, now, detail));
    guard.judge(transaction, lane, detail);
    return paused;
  }

  private void alarm(Lane lane, String what) {
    alarms.incrementAndGet();
    LOG.error(
        "ALARM: somebody else has used the key of {}: {}. Its lane on {} is paused",
        lane.address(),
        what,
        lane.chain());
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
