package dev.countersign.nonce.lane;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.LaneObstacle.Reason;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// How many lanes are paused, as of some seconds ago. For whoever watches.
public final class PausedLanes {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final UnitOfWork unitOfWork;
  private final InstantSource clock;
  private Map<Kind, Long> counts = Map.of();
  private Instant readAt = Instant.MIN;

  private record Kind(String chain, String reason) {}

  public PausedLanes(UnitOfWork unitOfWork, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.clock = clock;
  }

  /// @return -1 when the database does not answer
  public synchronized long count(ChainId chain, Reason reason) {
    try {
      Instant now = clock.instant();
      if (!now.isBefore(readAt.plus(FRESH))) {
        counts = unitOfWork.inTransaction(transaction -> all(transaction.unwrap(Handle.class)));
        readAt = now;
      }
      return counts.getOrDefault(new Kind(chain.caip2(), reason.name()), 0L);
    } catch (StoreUnavailableException _) {
      return -1;
    }
  }

  private static Map<Kind, Long> all(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT chain, paused, count(*) AS lanes FROM nonce.lane
            WHERE paused IS NOT NULL GROUP BY chain, paused
            """)
        .map(
            (row, context) ->
                Map.entry(
                    new Kind(row.getString("chain"), row.getString("paused")),
                    row.getLong("lanes")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
