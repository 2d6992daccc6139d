package dev.countersign.nonce.tracking;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.node.BlockHead;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.progress.RequestProgress;
import dev.countersign.nonce.tracking.EndedRows.Reopened;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out that a chain has taken back what was final here: a quorum has, at several heads, mined
/// fewer transactions of an account than have ended. The very bytes that were mined are sent again,
/// so that the chain comes to what was told; the requests stay what they are, since whoever asked
/// has acted on it. Not for several threads at once.
final class DeepReorganisation {
  private static final Logger LOG = LoggerFactory.getLogger(DeepReorganisation.class);

  /// How often lanes are looked at that nothing is wrong with.
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  /// What ended earlier is not looked at.
  private static final Duration MEMORY = Duration.ofDays(1);

  private final UnitOfWork unitOfWork;
  private final RequestProgress progress;
  private final NodePool node;
  private final InstantSource clock;
  private final AtomicLong lost = new AtomicLong();
  private final Sightings<Address> suspects = new Sightings<>();
  private Instant lookedAt = Instant.MIN;

  /// @param unitOfWork of the instance that follows the chain
  DeepReorganisation(
      UnitOfWork unitOfWork, RequestProgress progress, NodePool node, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.progress = progress;
    this.node = node;
    this.clock = clock;
  }

  /// How many ends were lost on this instance.
  long lost() {
    return lost.get();
  }

  /// Forgets what it has seen: another instance has followed the chain meanwhile.
  void forget() {
    suspects.forget();
    lookedAt = Instant.MIN;
  }

  /// After a round.
  void look(BlockHead head) {
    Instant now = clock.instant();
    if (suspects.isEmpty() && now.isBefore(lookedAt.plus(INTERVAL))) {
      return;
    }
    Instant since = now.minus(MEMORY);
    Map<Address, Nonce> highest =
        unitOfWork.inTransaction(
            t -> EndedRows.highest(t.unwrap(Handle.class), node.chain(), since));
    lookedAt = now;
    if (highest.isEmpty()) {
      suspects.forget();
      return;
    }
    List<Address> accounts = List.copyOf(highest.keySet());
    List<Long> counts = node.quorum().minedCounts(accounts).values();
    Map<Address, Long> behind = new HashMap<>();
    for (int i = 0; i < accounts.size(); i++) {
      Nonce ended = highest.get(accounts.get(i));
      if (ended != null && counts.get(i) <= ended.value()) {
        behind.put(accounts.get(i), counts.get(i));
      }
    }
    for (Address account : suspects.at(head, now, behind.keySet())) {
      reopen(new Lane(node.chain(), account), behind.getOrDefault(account, 0L), since, now);
    }
  }

  private void reopen(Lane lane, long mined, Instant since, Instant now) {
    List<Reopened> reopened =
        unitOfWork.inTransaction(
            transaction -> {
              List<Reopened> rows =
                  EndedRows.reopen(transaction.unwrap(Handle.class), lane, mined, since, now);
              progress.note(
                  transaction,
                  rows.stream()
                      .map(
                          row ->
                              new RequestProgress.Note(
                                  row.request(),
                                  now,
                                  new AuditEvent.TransactionUnmined(
                                      lane.chain(), row.nonce(), row.hash())))
                      .toList());
              return rows;
            });
    if (!reopened.isEmpty()) {
      lost.addAndGet(reopened.size());
      LOG.error(
          "ALARM: chain {} has taken back blocks that were final here: {} has {} mined"
              + " transactions, and {} that had ended are none of them (the audit log names them)."
              + " They are sent again; pay none of them a second time, and raise the chain's"
              + " confirmations",
          lane.chain(),
          lane.address(),
          mined,
          reopened.size());
    }
  }
}
