package dev.countersign.audit.store;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The row of `audit.sequencer`: how far the tree has come.
///
/// @param treeSize how many leaves the tree has
/// @param highestEntry entries up to here are in the tree, but for the gaps
record Sequencer(long treeSize, long highestEntry, Gaps gaps) {
  private static final String COLUMNS =
      "SELECT tree_size, highest_entry, young_gaps, old_gaps, old_writers FROM audit.sequencer ";

  /// By the highest id, which is one look into the index; EXISTS would be planned as a scan of the
  /// whole table.
  static final String HAS_WORK =
      """
      SELECT cardinality(young_gaps) > 0 OR cardinality(old_gaps) > 0
        OR coalesce((SELECT max(id) FROM audit.entry) > highest_entry, false)
      FROM audit.sequencer
      """;

  /// Waits for whoever integrates just now, and then keeps everybody else out until the transaction
  /// ends.
  static Sequencer lock(Handle handle) {
    return handle.createQuery(COLUMNS + "FOR UPDATE").map(Sequencer::map).one();
  }

  /// [#lock], or nothing when somebody else integrates just now.
  static Optional<Sequencer> tryLock(Handle handle) {
    return handle.createQuery(COLUMNS + "FOR UPDATE SKIP LOCKED").map(Sequencer::map).findOne();
  }

  /// Without any lock; nothing when the row is gone.
  static Optional<Sequencer> read(Handle handle) {
    return handle.createQuery(COLUMNS).map(Sequencer::map).findOne();
  }

  /// Whether a pass could find something, without any lock. When not, all that was committed before
  /// this was asked is in the tree.
  static boolean hasWork(Handle handle) {
    return handle.createQuery(HAS_WORK).mapTo(Boolean.class).one();
  }

  /// That ids are still given out above those that were looked at: an entry with an id below would
  /// never come into the tree.
  ///
  /// @throws BrokenLogException when the sequence of ids was set back, or the sequencer ahead
  static void requireNotBehind(Handle handle, Sequencer sequencer) {
    long last =
        handle
            .createQuery(
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit.entry_id_seq")
            .mapTo(Long.class)
            .one();
    if (last < sequencer.highestEntry()) {
      throw new BrokenLogException(
          "the ids of audit entries were set back: the last one given out is %d, and the tree has come to %d; what is logged from here on would not come into the tree"
              .formatted(last, sequencer.highestEntry()),
          sequencer.treeSize());
    }
  }

  void save(Handle handle) {
    handle
        .createUpdate(
            """
            UPDATE audit.sequencer SET tree_size = :treeSize, highest_entry = :highestEntry,
              young_gaps = :young, old_gaps = :old, old_writers = :writers
            """)
        .bind("treeSize", treeSize)
        .bind("highestEntry", highestEntry)
        .bindArray("young", Long.class, gaps.young().bounds())
        .bindArray("old", Long.class, gaps.old().bounds())
        .bindArray("writers", String.class, List.copyOf(gaps.writers()))
        .execute();
  }

  private static Sequencer map(ResultSet row, StatementContext context) throws SQLException {
    return new Sequencer(
        row.getLong("tree_size"),
        row.getLong("highest_entry"),
        new Gaps(
            new IdRanges(list(row.getArray("young_gaps"), Long[].class)),
            new IdRanges(list(row.getArray("old_gaps"), Long[].class)),
            Set.copyOf(list(row.getArray("old_writers"), String[].class))));
  }

  private static <T> List<T> list(Array array, Class<T[]> type) throws SQLException {
    return Arrays.asList(type.cast(array.getArray()));
  }
}
