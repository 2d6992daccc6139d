package dev.countersign.audit.store;

import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.store.EntryBodies.Placed;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.database.SqlRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The tables of the tree: leaves, tiles, checkpoints.
final class TreeRows {
  /// By the leaf's day only one partition is looked into.
  static final String RANGE =
      """
      SELECT place, leaf.request, body FROM generate_series(:from, :last) AS place
      LEFT JOIN audit.leaf ON leaf_index = place
      LEFT JOIN audit.entry ON id = entry_id AND entry.written = leaf.written
      ORDER BY place
      """;

  static final String PLACES =
      """
      SELECT place, leaf.request, body FROM unnest(:indexes) AS place
      LEFT JOIN audit.leaf ON leaf_index = place
      LEFT JOIN audit.entry ON id = entry_id AND entry.written = leaf.written
      ORDER BY place
      """;

  private TreeRows() {}

  /// An entry in its place.
  ///
  /// @param written the day that the entry's partition goes by
  record Leaf(long index, long entryId, @Nullable UUID request, LocalDate written) {}

  /// @param treeSize how many entries it vouches for
  /// @param note as it was signed
  record StoredCheckpoint(long treeSize, String note) {}

  static void insertLeaves(Handle handle, List<Leaf> leaves) {
    SqlRows.of(leaves)
        .bigint("index", Leaf::index)
        .bigint("entry", Leaf::entryId)
        .uuid("request", Leaf::request)
        .date("written", Leaf::written)
        .bindTo(
            handle.createUpdate(
                """
                INSERT INTO audit.leaf (leaf_index, entry_id, request, written)
                SELECT * FROM unnest(:index, :entry, :request, :written)
                """))
        .execute();
  }

  static void writeTiles(Handle handle, List<Tile> tiles) {
    SqlRows.of(tiles)
        .bigint("level", tile -> (long) tile.id().level())
        .bigint("index", tile -> tile.id().index())
        .bytea("hashes", Tile::hashes)
        .bindTo(
            handle.createUpdate(
                """
                INSERT INTO audit.tile (level, tile_index, hashes)
                SELECT * FROM unnest(:level, :index, :hashes)
                ON CONFLICT (level, tile_index) DO UPDATE SET hashes = EXCLUDED.hashes
                """))
        .execute();
  }

  static void insertCheckpoint(Handle handle, StoredCheckpoint checkpoint, Instant at) {
    handle
        .createUpdate(
            """
            INSERT INTO audit.checkpoint (tree_size, note, signed_at) VALUES (:size, :note, :at)
            """)
        .bind("size", checkpoint.treeSize())
        .bind("note", checkpoint.note())
        .bind("at", at)
        .execute();
  }

  static Optional<StoredCheckpoint> latestCheckpoint(Handle handle) {
    return handle
        .createQuery("SELECT tree_size, note FROM audit.checkpoint ORDER BY tree_size DESC LIMIT 1")
        .map((row, _) -> new StoredCheckpoint(row.getLong("tree_size"), row.getString("note")))
        .findOne();
  }

  /// The checkpoint of a size, if there ever was one.
  static Optional<StoredCheckpoint> checkpoint(Handle handle, long treeSize) {
    return handle
        .createQuery("SELECT tree_size, note FROM audit.checkpoint WHERE tree_size = :size")
        .bind("size", treeSize)
        .map((row, _) -> new StoredCheckpoint(row.getLong("tree_size"), row.getString("note")))
        .findOne();
  }

  /// Checkpoints of more than `after` entries and up to `to`, the smallest first.
  static List<StoredCheckpoint> checkpoints(Handle handle, long after, long to, int limit) {
    return handle
        .createQuery(
            """
            SELECT tree_size, note FROM audit.checkpoint
            WHERE tree_size > :after AND tree_size <= :to ORDER BY tree_size LIMIT :limit
            """)
        .bind("after", after)
        .bind("to", to)
        .bind("limit", limit)
        .map((row, _) -> new StoredCheckpoint(row.getLong("tree_size"), row.getString("note")))
        .list();
  }

  /// The tiles of these that are stored.
  static Map<TileId, Tile> tiles(Handle handle, Collection<TileId> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return SqlRows.of(Set.copyOf(ids))
        .bigint("level", id -> (long) id.level())
        .bigint("index", TileId::index)
        .bindTo(
            handle.createQuery(
                """
                SELECT level, tile_index, hashes FROM audit.tile
                JOIN unnest(:level, :index) AS wanted (l, i) ON level = l AND tile_index = i
                """))
        .map(TreeRows::tile)
        .stream()
        .collect(Collectors.toMap(Tile::id, Function.identity()));
  }

  private static Tile tile(ResultSet row, StatementContext context) throws SQLException {
    return new Tile(
        new TileId(row.getInt("level"), row.getLong("tile_index")),
        Bytes.of(row.getBytes("hashes")));
  }

  /// The tile, which has to be there.
  ///
  /// @throws BrokenLogException when it is gone, or not as wide as a tree of `treeSize` has it
  static Tile require(Map<TileId, Tile> tiles, TileId id, long treeSize) {
    Tile tile = tiles.get(id);
    int width = id.widthIn(treeSize);
    if (tile == null || tile.width() < width) {
      throw new BrokenLogException(
          "tile %d/%d of the audit log: expected %d hashes, got %d"
              .formatted(id.level(), id.index(), width, tile == null ? 0 : tile.width()),
          id.firstLeaf());
    }
    return tile;
  }

  /// Every place from `from` to before `to`, with what the table still has of it.
  static List<Placed> entries(Handle handle, long from, long to) {
    return handle
        .createQuery(RANGE)
        .bind("from", from)
        .bind("last", to - 1)
        .map(TreeRows::placed)
        .list();
  }

  /// These places in their order, with what the table still has of them.
  static List<Placed> entries(Handle handle, Collection<Long> indexes) {
    return handle
        .createQuery(PLACES)
        .bindArray("indexes", Long.class, List.copyOf(indexes))
        .map(TreeRows::placed)
        .list();
  }

  /// The places of the entries of these requests below `treeSize`, by request and place.
  static List<Leaf> leaves(Handle handle, Collection<UUID> requests, long treeSize) {
    return handle
        .createQuery(
            """
            SELECT leaf_index, entry_id, request, written FROM audit.leaf
            WHERE request = ANY (:requests) AND leaf_index < :size ORDER BY request, leaf_index
            """)
        .bindArray("requests", UUID.class, List.copyOf(requests))
        .bind("size", treeSize)
        .map(
            (row, _) ->
                new Leaf(
                    row.getLong("leaf_index"),
                    row.getLong("entry_id"),
                    row.getObject("request", UUID.class),
                    row.getObject("written", LocalDate.class)))
        .list();
  }

  private static Placed placed(ResultSet row, StatementContext context) throws SQLException {
    return new Placed(
        row.getLong("place"),
        Optional.ofNullable(row.getObject("request", UUID.class)),
        Optional.ofNullable(row.getBytes("body")).map(Bytes::of));
  }

  static Digest32 leafHash(Bytes body) {
    return TreeHash.leaf(body.toArray());
  }
}
