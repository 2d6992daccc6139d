package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.core.model.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/// A directory with the entries that have left the database, as C2SP tlog-tiles. Only its full
/// bundles are read. Nothing it gives is trusted.
///
/// @param directory as [LogArchiving] fills it
record EntryArchive(Path directory) {

  /// Those of `indexes` that it has.
  ///
  /// @throws ArchiveUnavailableException when the directory is no archive: not mounted, say
  Map<Long, Bytes> entries(SortedSet<Long> indexes) {
    if (!Files.exists(directory.resolve(TilePath.CHECKPOINT))) {
      throw ArchiveUnavailableException.notThere(directory, indexes.first());
    }
    DirectoryLogFiles files = new DirectoryLogFiles(directory);
    Map<Long, Bytes> entries = new HashMap<>();
    long bundle = -1;
    Optional<EntryBundle> open = Optional.empty();
    for (long index : indexes) {
      if (index / TileId.FULL_WIDTH != bundle) {
        bundle = index / TileId.FULL_WIDTH;
        open = files.read(TilePath.ofBundle(bundle, TileId.FULL_WIDTH)).map(EntryBundle::parse);
      }
      int position = (int) (index % TileId.FULL_WIDTH);
      open.filter(there -> position < there.entries().size())
          .map(there -> there.entries().get(position))
          .filter(entry -> !entry.isEmpty()) // which stands for one that was gone
          .ifPresent(entry -> entries.put(index, entry));
    }
    return entries;
  }

  /// That it is as long as what was archived: a copy from before may lack the rest.
  ///
  /// @throws ArchiveUnavailableException when it is not, or the directory is no archive of this log
  void requireReaching(long archived, LogKeys keys) {
    byte[] note =
        new DirectoryLogFiles(directory)
            .read(TilePath.CHECKPOINT)
            .orElseThrow(() -> ArchiveUnavailableException.notThere(directory, 0));
    long size;
    try {
      size = keys.open(note).checkpoint().treeSize();
    } catch (InvalidNoteException e) {
      throw ArchiveUnavailableException.notOfThisLog(directory, e);
    }
    if (size < archived) {
      throw ArchiveUnavailableException.behind(directory, size, archived);
    }
  }

  ArchiveUnavailableException lacks(long index) {
    return ArchiveUnavailableException.lacks(
        directory, index, TilePath.ofBundle(index / TileId.FULL_WIDTH, TileId.FULL_WIDTH));
  }
}
