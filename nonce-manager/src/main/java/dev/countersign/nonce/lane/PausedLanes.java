package dev.countersign.nonce.lane;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.LaneObstacle.Reason;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// How many lanes are paused. For whoever watches; each question asks the database.
public final class PausedLanes {
  private final UnitOfWork unitOfWork;

  private record Kind(String chain, String reason) {}

  public PausedLanes(UnitOfWork unitOfWork) {
    this.unitOfWork = unitOfWork;
  }

  /// @return -1 when the database does not answer
  public long count(ChainId chain, Reason reason) {
    try {
      return unitOfWork
          .inTransaction(transaction -> all(transaction.unwrap(Handle.class)))
          .getOrDefault(new Kind(chain.caip2(), reason.name()), 0L);
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
