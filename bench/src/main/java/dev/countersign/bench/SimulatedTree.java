package dev.countersign.bench;

import dev.countersign.audit.merkle.InclusionProof;
import dev.countersign.audit.merkle.ProofCheck;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.tiles.Tile;
import dev.countersign.audit.tiles.TileId;
import dev.countersign.audit.tiles.TileTree;
import dev.countersign.core.model.Digest32;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// A tree whose entries are numbers, with all of its tiles in memory.
record SimulatedTree(long size, Digest32 root, Map<TileId, Tile> tiles) {

  /// @param microsEach to make one of them
  /// @param mostHashes of the longest of them
  record Proofs(double microsEach, int mostHashes) {}

  static SimulatedTree of(long size) {
    TileTree tree = new TileTree();
    Map<TileId, Tile> tiles = new HashMap<>();
    for (long i = 0; i < size; i++) {
      tree.append(leaf(i));
      if (tree.size() % TileId.FULL_WIDTH == 0) {
        tree.takeChanged().forEach(tile -> tiles.put(tile.id(), tile));
      }
    }
    tree.takeChanged().forEach(tile -> tiles.put(tile.id(), tile));
    return new SimulatedTree(size, tree.root(), tiles);
  }

  private static Digest32 leaf(long index) {
    return TreeHash.leaf(ByteBuffer.allocate(Long.BYTES).putLong(index).array());
  }

  /// Makes proofs of random entries, and checks every one.
  Proofs prove(int count) {
    List<Long> indexes = new Random(1).longs(count, 0, size).boxed().toList();
    indexes.subList(0, count / 4).forEach(this::prove);
    long nanos = 0;
    int most = 0;
    for (long index : indexes) {
      long began = System.nanoTime();
      InclusionProof proof = prove(index);
      nanos += System.nanoTime() - began;
      most = Math.max(most, proof.path().size());
      if (!(proof.check(leaf(index), root) instanceof ProofCheck.Holds)) {
        throw new IllegalStateException("the proof of entry " + index + " does not hold");
      }
    }
    return new Proofs(nanos / 1e3 / count, most);
  }

  private InclusionProof prove(long index) {
    List<Digest32> path =
        ProofPlan.inclusion(index, size)
            .resolve(
                subtree ->
                    Objects.requireNonNull(tiles.get(TileId.holding(subtree))).subtree(subtree));
    return new InclusionProof(index, size, path);
  }
}
