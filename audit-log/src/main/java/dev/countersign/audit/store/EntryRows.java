package dev.countersign.audit.store;

import dev.countersign.core.model.Digest32;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// What the integrator reads of `audit.entry`. The database hashes: it has the bodies at hand, and
/// only the hashes travel.
final class EntryRows {
  static final String ABOVE =
      """
      SELECT id, request, written, sha256('\\x00'::bytea || body) AS leaf_hash
      FROM audit.entry WHERE id > :highest ORDER BY id LIMIT :limit
      """;

  /// The inner limit keeps PostgreSQL from reading the whole table once where it should look up
  /// each range by the index.
  static final String WITHIN =
      """
      SELECT late.* FROM generate_series(1, cardinality(:bounds), 2) AS i
      CROSS JOIN LATERAL (
        SELECT id, request, written, sha256('\\x00'::bytea || body) AS leaf_hash
        FROM audit.entry WHERE id BETWEEN (:bounds)[i] AND (:bounds)[i + 1]
        ORDER BY id LIMIT :limit
      ) AS late ORDER BY id LIMIT :limit
      """;

  private EntryRows() {}

  /// An entry that is committed.
  ///
  /// @param written says in which partition it is
  /// @param leafHash see [dev.countersign.audit.merkle.TreeHash#leaf]
  record Committed(long id, @Nullable UUID request, LocalDate written, Digest32 leafHash) {}

  /// The highest id that can be seen, or 0: one look into the index.
  static long newest(Handle handle) {
    return handle
        .createQuery("SELECT coalesce(max(id), 0) FROM audit.entry")
        .mapTo(Long.class)
        .one();
  }

  /// Entries above `highest` in the order of their ids, `limit` at most.
  static List<Committed> above(Handle handle, long highest, int limit) {
    return handle
        .createQuery(ABOVE)
        .bind("highest", highest)
        .bind("limit", limit)
        .map(EntryRows::map)
        .list();
  }

  /// Entries within `ranges` in the order of their ids, `limit` at most.
  static List<Committed> within(Handle handle, IdRanges ranges, int limit) {
    if (ranges.isEmpty()) {
      return List.of();
    }
    return handle
        .createQuery(WITHIN)
        .bindArray("bounds", Long.class, ranges.bounds())
        .bind("limit", limit)
        .map(EntryRows::map)
        .list();
  }

  /// The virtual transactions that may hold ids nobody else has seen: a writer takes this lock
  /// before it is given an id, and lets go of it only after its commit can be seen.
  static Set<String> writers(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT virtualtransaction FROM pg_catalog.pg_locks
            WHERE locktype = 'relation' AND relation = 'audit.entry'::regclass
              AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND mode = 'RowExclusiveLock' AND granted
            """)
        .mapTo(String.class)
        .set();
  }

  private static Committed map(ResultSet row, StatementContext context) throws SQLException {
    return new Committed(
        row.getLong("id"),
        row.getObject("request", UUID.class),
        row.getObject("written", LocalDate.class),
        Digest32.of(row.getBytes("leaf_hash")));
  }
}
