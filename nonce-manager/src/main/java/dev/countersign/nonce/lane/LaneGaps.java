package dev.countersign.nonce.lane;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// How many nonces were given back and have something signed above them, as of some seconds ago.
/// What is above can not be mined before such a gap is filled, and only a new request fills it. For
/// whoever watches.
public final class LaneGaps {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final UnitOfWork unitOfWork;
  private final InstantSource clock;
  private Map<String, Long> counts = Map.of();
  private Instant readAt = Instant.MIN;

  /// A nonce that nobody owns, and what waits for it.
  ///
  /// @param waiting how many are signed above it and not mined
  /// @param withBlobs whether only a transaction with blobs fills it, or else only one without
  public record Gap(Lane lane, Nonce nonce, long waiting, boolean withBlobs) {}

  public LaneGaps(UnitOfWork unitOfWork, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.clock = clock;
  }

  /// @return -1 when the database does not answer
  public synchronized long count(ChainId chain) {
    try {
      Instant now = clock.instant();
      if (!now.isBefore(readAt.plus(FRESH))) {
        counts = unitOfWork.inTransaction(transaction -> all(transaction.unwrap(Handle.class)));
        readAt = now;
      }
      return counts.getOrDefault(chain.caip2(), 0L);
    } catch (StoreUnavailableException _) {
      return -1;
    }
  }

  private static Map<String, Long> all(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT l.chain, count(*) AS gaps
            FROM nonce.lane l CROSS JOIN unnest(l.free) AS f (nonce)
            WHERE EXISTS (
              SELECT FROM nonce.transaction t
              WHERE (t.chain, t.address) = (l.chain, l.address) AND t.nonce > f.nonce
                AND t.state IN ('SIGNED', 'BROADCAST'))
            GROUP BY l.chain
            """)
        .map((row, context) -> Map.entry(row.getString("chain"), row.getLong("gaps")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// Those of one chain, by address and nonce.
  public static List<Gap> of(Handle handle, ChainId chain) {
    return handle
        .createQuery(
            """
            SELECT l.chain, l.address, f.nonce, above.waiting, first.has_blobs
            FROM nonce.lane l CROSS JOIN unnest(l.free) AS f (nonce)
            CROSS JOIN LATERAL (
              SELECT count(*) AS waiting FROM nonce.transaction t
              WHERE (t.chain, t.address) = (l.chain, l.address) AND t.nonce > f.nonce
                AND t.state IN ('SIGNED', 'BROADCAST')) AS above
            CROSS JOIN LATERAL (
              SELECT t.has_blobs FROM nonce.transaction t
              WHERE (t.chain, t.address) = (l.chain, l.address) AND t.nonce > f.nonce
                AND t.state IN ('OWNED', 'SIGNED', 'BROADCAST')
              ORDER BY t.nonce LIMIT 1) AS first
            WHERE l.chain = :chain AND above.waiting > 0
            ORDER BY l.address, f.nonce
            """)
        .bind("chain", chain.caip2())
        .map(
            (row, context) ->
                new Gap(
                    LaneRows.lane(row),
                    new Nonce(row.getLong("nonce")),
                    row.getLong("waiting"),
                    row.getBoolean("has_blobs")))
        .list();
  }
}
