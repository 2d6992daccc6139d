package dev.countersign.audit.verify;

import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/// The tree that the entries make, whatever the files of hashes say. In one go over the entries,
/// with one tile of each level in memory.
final class RebuiltTree {
  private final LogContent content;
  private final EntryVisitor visitor;
  private final TreeSet<Long> wanted;
  private final Map<Long, Digest32> roots = new HashMap<>();
  private final List<Finding> wrongFiles = new ArrayList<>();
  private final TileTree tree = new TileTree();
  private boolean whole = true;
  private long away;

  private RebuiltTree(LogContent content, Collection<Long> sizes, EntryVisitor visitor) {
    this.content = content;
    this.visitor = visitor;
    this.wanted = new TreeSet<>(sizes);
    this.wanted.add(content.treeSize());
  }

  /// Ends early when entries are missing.
  ///
  /// @param sizes the smaller trees whose roots are wanted too
  static RebuiltTree of(
      LogContent content,
      Collection<Long> sizes,
      VerificationProgress progress,
      EntryVisitor visitor) {
    RebuiltTree rebuilt = new RebuiltTree(content, sizes, visitor);
    rebuilt.keepRoot();
    for (long bundle = 0; bundle < content.bundles() && rebuilt.whole; bundle++) {
      rebuilt.addBundle(bundle);
      progress.checked(rebuilt.tree.size(), content.treeSize());
    }
    return rebuilt;
  }

  /// The root over all entries; nothing when entries are missing.
  Optional<Digest32> root() {
    return rootAt(content.treeSize());
  }

  /// The root over the first `size` entries; nothing when it was not wanted or they are not there.
  Optional<Digest32> rootAt(long size) {
    return Optional.ofNullable(roots.get(size));
  }

  /// How many entries count by their hashes alone, being kept elsewhere.
  long away() {
    return away;
  }

  /// The files that do not fit the entries.
  List<Finding> wrongFiles() {
    return wrongFiles;
  }

  private void addBundle(long index) {
    EntryBundle bundle = content.bundle(index);
    if (bundle.entries().size() < content.bundleWidth(index)) {
      whole = false;
      return;
    }
    if (!content.isWhole(index, bundle)) {
      wrongFiles.add(
          new Finding(
              Kind.TILE,
              OptionalLong.empty(),
              "%s has more in it than its entries"
                  .formatted(TilePath.ofBundle(index, content.bundleWidth(index)))));
    }
    for (Bytes entry : bundle.prefix(content.bundleWidth(index)).entries()) {
      Optional<Digest32> hash = content.hashOfAway(tree.size(), entry);
      if (hash.isPresent()) {
        away++;
      } else {
        visitor.entry(tree.size(), entry);
      }
      tree.append(hash.orElseGet(() -> TreeHash.leaf(entry.toArray())));
      keepRoot();
    }
    for (Tile tile : tree.takeChanged()) {
      if (tile.width() == tile.id().widthIn(content.treeSize())) {
        compare(tile);
      }
    }
  }

  private void keepRoot() {
    if (wanted.contains(tree.size())) {
      roots.put(tree.size(), tree.root());
    }
  }

  /// The first leaf below the first hash that is wrong.
  private static long firstWrong(Tile tile, Optional<Tile> stored) {
    int position = 0;
    while (stored.isPresent() && tile.hash(position).equals(stored.get().hash(position))) {
      position++;
    }
    return tile.id().leafBelow(position);
  }

  private void compare(Tile tile) {
    Optional<Tile> stored = content.tile(tile.id());
    if (!stored.equals(Optional.of(tile))) {
      wrongFiles.add(
          Finding.at(
              Kind.TILE,
              firstWrong(tile, stored),
              "%s %s"
                  .formatted(
                      TilePath.ofTile(tile.id(), tile.width()),
                      stored.isEmpty()
                          ? "is missing or of a wrong size"
                          : "has other hashes than its entries make")));
    }
  }
}
