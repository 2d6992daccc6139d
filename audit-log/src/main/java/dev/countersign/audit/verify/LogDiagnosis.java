package dev.countersign.audit.verify;

import dev.countersign.audit.merkle.CompactRange;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.tiles.EntryBundle;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.audit.verify.Finding.Kind;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Finds out where a log is wrong, once it is known that its entries are not what was signed. The
/// files of hashes help: the lowest level of tiles that leads to the signed root is what was
/// signed, and tells which entries are not.
final class LogDiagnosis {
  /// Stands for the hash of what is not there; no entry has it.
  private static final Digest32 NOTHING = Digest32.of(new byte[Digest32.SIZE]);

  private final LogContent content;
  private final Digest32 signed;
  private final TreeSet<Long> missing = new TreeSet<>();

  LogDiagnosis(LogContent content, Digest32 signed) {
    this.content = content;
    this.signed = signed;
  }

  /// By their indexes; one at least.
  List<Finding> findings(RebuiltTree rebuilt) {
    // For each level the hashes that the entries make; of those below 1 only what is compared.
    List<Digest32> made = new ArrayList<>();
    List<Finding> altered = new ArrayList<>();
    Optional<Integer> trusted = lowestSignedLevel();
    for (long bundle = 0; bundle < content.bundles(); bundle++) {
      List<Digest32> leaves = leaves(bundle);
      Optional<Tile> tile = content.tile(new TileId(0, bundle));
      boolean isEdge = leaves.size() < TileId.FULL_WIDTH;
      if (tile.isPresent() && (trusted.equals(Optional.of(0)) || (trusted.isPresent() && isEdge))) {
        compareLeaves(bundle, leaves, tile.get(), altered);
      }
      if (!isEdge) {
        made.add(rootOf(leaves));
      }
    }
    trusted.filter(level -> level > 0).ifPresent(level -> compareAbove(level, made, altered));
    List<Finding> findings = new ArrayList<>();
    missing.forEach(
        index ->
            findings.add(
                Finding.at(Kind.ENTRY_MISSING, index, "entry %d is gone".formatted(index))));
    findings.addAll(altered);
    if (findings.isEmpty()) {
      findings.add(
          Finding.of(
              Kind.ROOT,
              "neither the entries nor the hashes are what was signed%n  signed:  %s%n  entries: %s"
                  .formatted(signed, rebuilt.root().map(Digest32::hex).orElse("incomplete"))));
    }
    findings.sort((a, b) -> Long.compare(a.index().orElse(-1), b.index().orElse(-1)));
    return findings;
  }

  /// The hashes of a bundle's entries, as many as it should have.
  private List<Digest32> leaves(long bundle) {
    EntryBundle there = content.bundle(bundle);
    List<Digest32> leaves = new ArrayList<>();
    for (int i = 0; i < content.bundleWidth(bundle); i++) {
      Bytes entry = i < there.entries().size() ? there.entries().get(i) : Bytes.EMPTY;
      long index = bundle * TileId.FULL_WIDTH + i;
      Optional<Digest32> away = content.hashOfAway(index, entry);
      // No entry is empty: one that is stands for one that could not be exported.
      if (entry.isEmpty() && away.isEmpty()) {
        missing.add(index);
      }
      leaves.add(away.orElseGet(() -> entry.isEmpty() ? NOTHING : TreeHash.leaf(entry.toArray())));
    }
    return leaves;
  }

  private void compareLeaves(long bundle, List<Digest32> leaves, Tile tile, List<Finding> altered) {
    for (int i = 0; i < leaves.size(); i++) {
      long index = bundle * TileId.FULL_WIDTH + i;
      if (!leaves.get(i).equals(tile.hash(i)) && !missing.contains(index)) {
        altered.add(
            Finding.at(
                Kind.ENTRY_ALTERED,
                index,
                "entry %d is not the one that was signed%n  signed: %s%n  now:    %s"
                    .formatted(index, tile.hash(i), leaves.get(i))));
      }
    }
  }

  /// Compares the roots that whole runs of entries make with the signed ones: those of `level`, and
  /// at the right edge those of the levels below it.
  ///
  /// @param made by the entries at level 1
  private void compareAbove(int level, List<Digest32> made, List<Finding> altered) {
    List<Digest32> hashes = made;
    long span = TileId.FULL_WIDTH;
    for (int at = 1; at <= level; at++, span *= TileId.FULL_WIDTH) {
      int from = at == level ? 0 : hashes.size() / TileId.FULL_WIDTH * TileId.FULL_WIDTH;
      for (int i = from; i < hashes.size(); i++) {
        Digest32 expected = storedHash(at, i);
        if (!hashes.get(i).equals(expected)) {
          addRange(i * span, (i + 1) * span - 1, altered);
        }
      }
      hashes = grouped(hashes);
    }
  }

  private void addRange(long first, long last, List<Finding> altered) {
    if (missing.subSet(first, true, last, true).isEmpty()) {
      altered.add(
          Finding.at(
              Kind.ENTRIES_ALTERED,
              first,
              "of the entries %d to %d one or more are not what was signed"
                  .formatted(first, last)));
    }
  }

  private Digest32 storedHash(int level, int position) {
    return content
        .tile(new TileId(level, position / TileId.FULL_WIDTH))
        .orElseThrow()
        .hash(position % TileId.FULL_WIDTH);
  }

  private static List<Digest32> grouped(List<Digest32> hashes) {
    List<Digest32> roots = new ArrayList<>();
    for (int to = TileId.FULL_WIDTH; to <= hashes.size(); to += TileId.FULL_WIDTH) {
      roots.add(rootOf(hashes.subList(to - TileId.FULL_WIDTH, to)));
    }
    return roots;
  }

  private static Digest32 rootOf(List<Digest32> hashes) {
    CompactRange range = new CompactRange();
    hashes.forEach(range::append);
    return range.root();
  }

  /// The lowest level whose tiles, with the partial tiles below it, lead to the signed root.
  private Optional<Integer> lowestSignedLevel() {
    for (int level = 0; new TileId(level, 0).widthIn(content.treeSize()) > 0; level++) {
      if (rootOver(level).filter(signed::equals).isPresent()) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  private Optional<Digest32> rootOver(int level) {
    CompactRange whole = new CompactRange();
    for (long i = 0; new TileId(level, i).widthIn(content.treeSize()) > 0; i++) {
      Optional<Tile> tile = content.tile(new TileId(level, i));
      if (tile.isEmpty()) {
        return Optional.empty();
      }
      for (int position = 0; position < tile.get().width(); position++) {
        whole.append(tile.get().hash(position));
      }
    }
    List<Digest32> peaks = new ArrayList<>(whole.peaks());
    for (TileId id : TileTree.edgeOf(content.treeSize()).reversed()) {
      if (id.level() < level) {
        Optional<Tile> tile = content.tile(id);
        if (tile.isEmpty()) {
          return Optional.empty();
        }
        peaks.addAll(tile.get().peaks());
      }
    }
    return Optional.of(TreeHash.fold(peaks));
  }
}
