package dev.countersign.audit.store;

import dev.countersign.audit.store.ArchivePlan.Part;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The partitions of `audit.entry`, for their owner.
final class PartitionRows {
  static final String DEFAULT = "entry_default";

  private PartitionRows() {}

  /// A partition and where it ends.
  ///
  /// @param end the first day after it; nothing for the default partition
  private record Bound(String name, @Nullable LocalDate end) {}

  /// Those of which every entry was written before a day, the oldest first. Empty ones are among
  /// them, but for the default partition.
  static List<Part> before(Handle handle, LocalDate day) {
    List<Part> parts = new ArrayList<>();
    for (Bound bound : bounds(handle)) {
      if (bound.end() == null) {
        ofDefault(handle, bound.name(), day).ifPresent(parts::add);
      } else if (!bound.end().isAfter(day)) {
        parts.add(part(handle, bound.name()));
      }
    }
    return parts;
  }

  private static List<Bound> bounds(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT name, substring(bound FROM 'TO \\(''([0-9-]+)''\\)')::date AS until
            FROM (
              SELECT relname::text AS name, pg_get_expr(relpartbound, child.oid) AS bound
              FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class AS child ON child.oid = inhrelid
              WHERE inhparent = 'audit.entry'::regclass
            ) AS child ORDER BY until NULLS LAST
            """)
        .map((row, _) -> new Bound(row.getString("name"), row.getObject("until", LocalDate.class)))
        .list();
  }

  private static Optional<Part> ofDefault(Handle handle, String name, LocalDate day) {
    return handle
        .createQuery("SELECT max(written) FROM audit." + quoted(name))
        .mapTo(LocalDate.class)
        .findOne()
        .filter(latest -> latest.isBefore(day))
        .map(_ -> part(handle, name));
  }

  private static Part part(Handle handle, String name) {
    return handle
        .createQuery(
            """
            SELECT count(*) AS entries, count(leaf_index) AS placed,
              coalesce(max(leaf_index), -1) AS highest
            FROM audit.%s AS part
            LEFT JOIN audit.leaf ON entry_id = part.id AND leaf.written = part.written
            """
                .formatted(quoted(name)))
        .map(
            (row, _) ->
                new Part(
                    name, row.getLong("entries"), row.getLong("placed"), row.getLong("highest")))
        .one();
  }

  /// Nobody writes to it any more until the transaction ends; readers are not kept.
  static void lock(Handle handle, String name) {
    handle.execute("LOCK TABLE audit.%s IN SHARE MODE".formatted(quoted(name)));
  }

  /// Takes it out, with its entries. Waits for everybody who uses `audit.entry`, and all wait for
  /// it.
  static void drop(Handle handle, String name) {
    handle.execute("ALTER TABLE audit.entry DETACH PARTITION audit." + quoted(name));
    handle.execute("DROP TABLE audit." + quoted(name));
    if (name.equals(DEFAULT)) {
      handle.execute("SELECT audit.add_partition(?, NULL, NULL)", DEFAULT);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
