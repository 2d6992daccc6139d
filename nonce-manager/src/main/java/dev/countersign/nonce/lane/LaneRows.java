package dev.countersign.nonce.lane;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.database.SqlRows;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// The table `nonce.lane`.
final class LaneRows {
  private LaneRows() {}

  /// Reads the lanes and locks them, in order, until the transaction ends. What it returns is what
  /// is true under the lock, also after it had to wait: it reads the locked rows and nothing else.
  static Map<Lane, LockedLane> lock(Handle handle, Collection<Lane> lanes) {
    return select(handle, lanes, "FOR UPDATE OF l");
  }

  static Map<Lane, LockedLane> read(Handle handle, Collection<Lane> lanes) {
    return select(handle, lanes, "");
  }

  private static Map<Lane, LockedLane> select(
      Handle handle, Collection<Lane> lanes, String locking) {
    return columns(lanes, lane -> lane)
        .bindTo(
            handle.createQuery(
                """
                SELECT l.chain, l.address, l.next_nonce, l.free, l.paused, l.paused_since,
                  l.paused_detail, l.single_until, l.resumed_at
                FROM nonce.lane l
                JOIN unnest(:chain, :address) AS wanted (chain, address)
                  ON (l.chain, l.address) = (wanted.chain, wanted.address)
                ORDER BY l.chain, l.address
                """
                    + locking))
        .map((row, context) -> Map.entry(lane(row), read(row)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// Adds a lane, if it is not there.
  static void open(Handle handle, Lane lane, Nonce first, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO nonce.lane (chain, address, next_nonce, opened_at)
            VALUES (:chain, :address, :next, :now)
            ON CONFLICT DO NOTHING
            """)
        .bind("chain", lane.chain().caip2())
        .bind("address", lane.address().hex())
        .bind("next", first.value())
        .bind("now", now)
        .execute();
  }

  /// Writes lanes that this transaction has locked.
  static void write(Handle handle, Map<Lane, LaneState> states) {
    columns(states.entrySet(), Map.Entry::getKey)
        .bigint("next", written -> written.getValue().next().value())
        .text("free", written -> literal(written.getValue().free()))
        .bindTo(
            handle.createUpdate(
                """
                UPDATE nonce.lane l SET next_nonce = s.next, free = s.free::bigint[]
                FROM unnest(:chain, :address, :next, :free) AS s (chain, address, next, free)
                WHERE (l.chain, l.address) = (s.chain, s.address)
                """))
        .execute();
  }

  /// Says from which nonce on a lane that is locked went on.
  static void resumedAt(Handle handle, Lane lane, Nonce nonce) {
    handle
        .createUpdate(
            """
            UPDATE nonce.lane SET resumed_at = greatest(resumed_at, :nonce)
            WHERE chain = :chain AND address = :address
            """)
        .bind("chain", lane.chain().caip2())
        .bind("address", lane.address().hex())
        .bind("nonce", nonce.value())
        .execute();
  }

  private static <R> SqlRows<R> columns(Collection<R> rows, Function<R, Lane> lane) {
    return SqlRows.of(rows)
        .text("chain", row -> lane.apply(row).chain().caip2())
        .text("address", row -> lane.apply(row).address().hex());
  }

  private static String literal(List<Nonce> nonces) {
    return nonces.stream().map(Nonce::toString).collect(Collectors.joining(",", "{", "}"));
  }

  static Lane lane(ResultSet row) throws SQLException {
    return new Lane(new ChainId(row.getString("chain")), new Address(row.getString("address")));
  }

  static LockedLane read(ResultSet row) throws SQLException {
    return new LockedLane(
        state(row), pause(row), instant(row, "single_until"), new Nonce(row.getLong("resumed_at")));
  }

  private static Optional<LaneObstacle.Paused> pause(ResultSet row) throws SQLException {
    String reason = row.getString("paused");
    return reason == null
        ? Optional.empty()
        : Optional.of(
            new LaneObstacle.Paused(
                LaneObstacle.Reason.valueOf(reason),
                instant(row, "paused_since").orElseThrow(),
                row.getString("paused_detail")));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static LaneState state(ResultSet row) throws SQLException {
    Array array = row.getArray("free");
    List<Nonce> free = new ArrayList<>();
    for (Long nonce : (Long[]) array.getArray()) {
      free.add(new Nonce(nonce));
    }
    return new LaneState(new Nonce(row.getLong("next_nonce")), free);
  }
}
