package dev.countersign.audit.store;

import dev.countersign.audit.tiles.TileId;
import java.util.List;

/// What may leave the table: old partitions as a whole, of which every entry is in a full bundle of
/// the tree, since only full bundles are read from an archive.
sealed interface ArchivePlan {

  /// A partition of `audit.entry`.
  ///
  /// @param name of its table
  /// @param entries how many it has
  /// @param placed how many of them have a place in the tree
  /// @param highest the last of these places; -1 when there is none
  record Part(String name, long entries, long placed, long highest) {}

  /// These can go.
  ///
  /// @param nextLeaf entries below this may be in the archive alone from now on; a multiple of 256
  record Ready(List<Part> parts, long nextLeaf) implements ArchivePlan {
    public Ready {
      parts = List.copyOf(parts);
    }

    long entries() {
      return parts.stream().mapToLong(Part::entries).sum();
    }
  }

  /// None of them has an entry.
  record Nothing() implements ArchivePlan {}

  /// The partition has entries that no place of the tree has.
  record NotInTree(Part part) implements ArchivePlan {}

  /// The partition has the entry of a place whose bundle is not full.
  record OpenBundle(Part part) implements ArchivePlan {}

  /// @param old the partitions that are old enough
  /// @param treeSize of the checkpoint that everything is verified against
  /// @param archived what was archived before, as [Ready#nextLeaf]
  static ArchivePlan of(List<Part> old, long treeSize, long archived) {
    long next = archived;
    long fullBundles = treeSize / TileId.FULL_WIDTH * TileId.FULL_WIDTH;
    for (Part part : old) {
      if (part.placed() != part.entries()) {
        return new NotInTree(part);
      }
      if (part.highest() >= fullBundles) {
        return new OpenBundle(part);
      }
      if (part.entries() > 0) {
        next = Math.max(next, (part.highest() / TileId.FULL_WIDTH + 1) * TileId.FULL_WIDTH);
      }
    }
    return old.stream().allMatch(part -> part.entries() == 0)
        ? new Nothing()
        : new Ready(old, next);
  }
}
