package dev.countersign.audit.store;

import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.core.model.Bytes;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The table `audit.archive`: what has left `audit.entry`.
final class ArchiveRows {
  private static final String TYPE = "entries-archived";

  private ArchiveRows() {}

  /// Below which index an entry that is not in the table is in the archive; 0 when nothing was ever
  /// archived.
  static long archived(Handle handle) {
    return handle
        .createQuery("SELECT coalesce(max(next_leaf), 0) FROM audit.archive")
        .mapTo(Long.class)
        .one();
  }

  /// @param told the entry that tells of it
  static void insert(Handle handle, byte[] told, long nextLeaf, long treeSize) {
    handle
        .createUpdate(
            """
            WITH told AS (INSERT INTO audit.entry (body) VALUES (:body) RETURNING id, written)
            INSERT INTO audit.archive (entry_id, written, next_leaf, tree_size)
            SELECT id, written, :next, :size FROM told
            """)
        .bind("body", told)
        .bind("next", nextLeaf)
        .bind("size", treeSize)
        .execute();
  }

  /// The row that counts, and what the log has where the row points to.
  private record Told(long nextLeaf, Optional<Bytes> body) {}

  /// A row that no entry of the log stands behind: somebody put it in to hide what was deleted. The
  /// entry of the row that reaches furthest has never been archived itself.
  static Optional<Finding> forged(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT next_leaf, body FROM audit.archive
            LEFT JOIN audit.entry ON id = entry_id AND entry.written = archive.written
            ORDER BY next_leaf DESC, archived_at DESC, entry_id DESC LIMIT 1
            """)
        .map(
            (row, _) ->
                new Told(
                    row.getLong("next_leaf"),
                    Optional.ofNullable(row.getBytes("body")).map(Bytes::of)))
        .findOne()
        .filter(told -> told.body().map(body -> !tellsOf(body, told.nextLeaf())).orElse(true))
        .map(
            told ->
                Finding.at(
                    Kind.TABLE,
                    0,
                    "audit.archive says that entries 0 to %d were archived, and the log has no entry that tells of it: the row was put in to hide what was deleted"
                        .formatted(told.nextLeaf() - 1)));
  }

  private static boolean tellsOf(Bytes body, long nextLeaf) {
    try {
      LogEntry entry = EntryDecoder.decode(body.toArray());
      return entry.type().equals(TYPE)
          && Long.toString(nextLeaf).equals(entry.details().get("entries"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
