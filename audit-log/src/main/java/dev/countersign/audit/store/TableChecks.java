package dev.countersign.audit.store;

import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.store.EntryBodies.Placed;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.core.port.UnitOfWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// What is wrong with the tables although the tree is right. The integrator may be at work: every
/// check takes what it compares from one statement, or asks for it in an order that cannot err.
final class TableChecks {
  private static final int MOST_FINDINGS = 100;
  private static final int BATCH = 1000;

  /// The rows of a look that brings little of each.
  private static final int PAGE = 5000;

  private final UnitOfWork unitOfWork;
  private final EntryBodies bodies;
  private final VerificationProgress progress;

  /// @param bodies that judges nothing
  TableChecks(UnitOfWork unitOfWork, EntryBodies bodies, VerificationProgress progress) {
    this.unitOfWork = unitOfWork;
    this.bodies = bodies;
    this.progress = progress;
  }

  /// Whether the sequencer has counted what was signed.
  List<Finding> counters() {
    return inHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT tree_size, coalesce((SELECT max(tree_size) FROM audit.checkpoint), 0)
                          AS signed FROM audit.sequencer
                        """)
                    .map(
                        (row, _) -> {
                          long counted = row.getLong("tree_size");
                          long signed = row.getLong("signed");
                          return counted == signed
                              ? Optional.<Finding>empty()
                              : Optional.of(
                                  Finding.at(
                                      Kind.TABLE,
                                      Math.min(counted, signed),
                                      "the sequencer counts %d entries, the last checkpoint has %d"
                                          .formatted(counted, signed)));
                        })
                    .findOne()
                    .orElseGet(
                        () ->
                            Optional.of(
                                Finding.of(Kind.TABLE, "the row of the sequencer is gone"))))
        .stream()
        .toList();
  }

  /// Leaves and hashes that are stored beyond the end of the tree.
  List<Finding> beyondTheTree() {
    return inHandle(
        handle -> {
          List<Finding> findings = new ArrayList<>(leavesBeyond(handle));
          handle
              .createQuery(
                  """
                  SELECT level, tile_index, octet_length(hashes) / 32 AS width,
                    greatest(0, least(256, (tree_size >> (8 * level)) - 256::numeric * tile_index)) AS expected
                  FROM audit.tile, audit.sequencer
                  WHERE octet_length(hashes) / 32
                    > greatest(0, least(256, (tree_size >> (8 * level)) - 256::numeric * tile_index))
                  ORDER BY level, tile_index LIMIT :limit
                  """)
              .bind("limit", MOST_FINDINGS)
              .map(
                  (row, _) ->
                      Finding.at(
                          Kind.TABLE,
                          new TileId(row.getInt("level"), row.getLong("tile_index")).firstLeaf(),
                          "tile %d/%d has %d hashes, the tree has %d of it"
                              .formatted(
                                  row.getInt("level"),
                                  row.getLong("tile_index"),
                                  row.getInt("width"),
                                  row.getInt("expected"))))
              .forEach(findings::add);
          return findings;
        });
  }

  /// Leaves beyond the end of the tree. Cheap.
  static List<Finding> leavesBeyond(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT leaf_index FROM audit.leaf
            WHERE leaf_index >= (SELECT tree_size FROM audit.sequencer)
            ORDER BY leaf_index LIMIT :limit
            """)
        .bind("limit", MOST_FINDINGS)
        .map(
            (row, _) ->
                Finding.at(
                    Kind.TABLE,
                    row.getLong("leaf_index"),
                    "place %d has an entry, and the tree has no such place"
                        .formatted(row.getLong("leaf_index"))))
        .list();
  }

  /// Entries that the integrator has passed: below the highest it has seen, in no place of the
  /// tree, and in no gap where one may still show up. Ids come from the database in order, and a
  /// gap is given up only after everybody who could fill it has ended: such an entry was put there
  /// later.
  List<Finding> passedOver() {
    List<Finding> findings = new ArrayList<>();
    long highest = inHandle(Sequencer::read).map(Sequencer::highestEntry).orElse(0L);
    OptionalLong from = OptionalLong.of(Long.MIN_VALUE);
    while (from.isPresent() && findings.size() < MOST_FINDINGS) {
      long after = from.getAsLong();
      List<Seen> page = inHandle(handle -> seen(handle, after, highest));
      page.stream().filter(Seen::passedOver).map(Seen::finding).forEach(findings::add);
      from = page.size() < PAGE ? OptionalLong.empty() : OptionalLong.of(page.getLast().id());
      from.ifPresent(last -> progress.checked(Math.max(0, last), highest));
    }
    return findings.subList(0, Math.min(findings.size(), MOST_FINDINGS));
  }

  /// An entry that the integrator has seen, or so the sequencer says.
  private record Seen(long id, boolean passedOver) {
    Finding finding() {
      return Finding.of(
          Kind.TABLE,
          "the entry with the id %d is in no place of the tree: it was put in later".formatted(id));
    }
  }

  /// The next entries there are. Whoever sets the sequencer ahead must not make this look through
  /// ids that no entry has.
  private static List<Seen> seen(Handle handle, long after, long highest) {
    // First the gaps: what is placed after this was asked has its leaf by the next statement.
    IdRanges gaps =
        Sequencer.read(handle)
            .map(row -> row.gaps().old().and(row.gaps().young()))
            .orElse(IdRanges.NONE);
    return handle
        .createQuery(
            """
            SELECT page.id, leaf_index IS NULL AS placeless
            FROM (
              SELECT id, written FROM audit.entry WHERE id > :after AND id <= :highest
              ORDER BY id LIMIT :page) page
            LEFT JOIN audit.leaf ON entry_id = page.id AND leaf.written = page.written
            ORDER BY page.id
            """)
        .bind("after", after)
        .bind("highest", highest)
        .bind("page", PAGE)
        .map(
            (row, _) -> {
              long id = row.getLong("id");
              return new Seen(id, row.getBoolean("placeless") && !gaps.contains(id));
            })
        .list();
  }

  /// Places below the end of the tree that have no row. Those of entries that were archived are not
  /// missed by anybody else.
  List<Finding> places(long treeSize) {
    List<Finding> findings = new ArrayList<>();
    for (long from = 0; from < treeSize && findings.size() < MOST_FINDINGS; from += PAGE) {
      long first = from;
      long to = Math.min(from + PAGE, treeSize);
      inHandle(handle -> withoutRow(handle, first, to)).stream()
          .map(
              index ->
                  Finding.at(
                      Kind.TABLE,
                      index,
                      "place %d of the tree has no row: its entry is not found any more"
                          .formatted(index)))
          .forEach(findings::add);
      progress.checked(to, treeSize);
    }
    return findings.subList(0, Math.min(findings.size(), MOST_FINDINGS));
  }

  private static List<Long> withoutRow(Handle handle, long from, long to) {
    return handle
        .createQuery(
            """
            SELECT place FROM generate_series(:from, :last) place
            WHERE NOT EXISTS (
              SELECT FROM audit.leaf
              WHERE leaf_index = place AND leaf_index BETWEEN :from AND :last)
            ORDER BY place LIMIT :limit
            """)
        .bind("from", from)
        .bind("last", to - 1)
        .bind("limit", MOST_FINDINGS)
        .mapTo(Long.class)
        .list();
  }

  /// What was archived, and no entry tells of.
  List<Finding> archives() {
    return inHandle(ArchiveRows::forged).stream().toList();
  }

  /// Places that are not found under the request that their entry is about.
  List<Finding> requests(long treeSize) {
    List<Finding> findings = new ArrayList<>();
    for (long from = 0; from < treeSize && findings.size() < MOST_FINDINGS; from += BATCH) {
      long first = from;
      long to = Math.min(from + BATCH, treeSize);
      List<Placed> places = inHandle(handle -> bodies.range(handle, first, to));
      Set<Long> differing = inHandle(handle -> differing(handle, first, to));
      for (Placed placed : places) {
        Optional<UUID> stated = stated(placed);
        if (!stated.equals(placed.request()) || differing.contains(placed.index())) {
          findings.add(
              Finding.at(
                  Kind.TABLE,
                  placed.index(),
                  "entry %d is about request %s, and stored under %s"
                      .formatted(
                          placed.index(),
                          stated.map(UUID::toString).orElse("none"),
                          placed.request().map(UUID::toString).orElse("none"))));
        }
      }
      progress.checked(to, treeSize);
    }
    return findings;
  }

  /// An entry that [EntryDecoder] does not know says nothing, nor does one that is not there; that
  /// is for others to find.
  private static Optional<UUID> stated(Placed placed) {
    if (placed.body().isEmpty()) {
      return placed.request();
    }
    try {
      return EntryDecoder.decode(placed.body().get().toArray()).request().map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      return placed.request();
    }
  }

  /// Places that have another request in the leaf than in the entry's row.
  private static Set<Long> differing(Handle handle, long from, long to) {
    return handle
        .createQuery(
            """
            SELECT leaf_index FROM audit.leaf
            JOIN audit.entry ON id = entry_id AND entry.written = leaf.written
            WHERE leaf_index >= :from AND leaf_index < :to
              AND leaf.request IS DISTINCT FROM entry.request
            """)
        .bind("from", from)
        .bind("to", to)
        .mapTo(Long.class)
        .set();
  }

  private <T> T inHandle(Function<Handle, T> read) {
    return unitOfWork.inTransaction(transaction -> read.apply(transaction.unwrap(Handle.class)));
  }
}
