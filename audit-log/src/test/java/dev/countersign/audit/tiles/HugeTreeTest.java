package dev.countersign.audit.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.merkle.ConsistencyProof;
import dev.countersign.audit.merkle.InclusionProof;
import dev.countersign.audit.merkle.ProofCheck;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.core.model.Digest32;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs of ten million entries and more, simulated: what a proof costs grows with the logarithm.
/// `bench/run audit` measures one with ten million entries that all differ.
class HugeTreeTest {
  private static final int PROOFS = 100;

  private final Map<TileId, Tile> tiles = new HashMap<>();
  private final Set<TileId> read = new HashSet<>();

  private static SparseTree tree(long size) {
    return new SparseTree(size, fewOf(size));
  }

  /// The tile from storage; counts.
  private Tile stored(SparseTree tree, TileId id) {
    read.add(id);
    return tiles.computeIfAbsent(id, tree::tile);
  }

  private List<Digest32> resolve(SparseTree tree, ProofPlan plan) {
    read.clear();
    return plan.resolve(subtree -> stored(tree, TileId.holding(subtree)).subtree(subtree));
  }

  /// The height of the tree: the least h with 2^h leaves or more.
  private static int height(long size) {
    return Long.SIZE - Long.numberOfLeadingZeros(size - 1);
  }

  private static int levels(long size) {
    return (height(size) + 7) / 8;
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 10_000_000, 16_777_216, 16_777_217, 1L << 40})
  void inclusionProofsHoldAndStayLogarithmic(long size) {
    SparseTree tree = tree(size);
    Digest32 root = tree.root(size);
    LongStream random = new Random(size).longs(PROOFS, 0, size);
    for (long index : LongStream.concat(LongStream.of(0, size / 2, size - 1), random).toArray()) {
      ProofPlan plan = ProofPlan.inclusion(index, size);
      InclusionProof proof = new InclusionProof(index, size, resolve(tree, plan));
      assertThat(proof.check(tree.leaf(index), root)).isEqualTo(new ProofCheck.Holds());
      assertThat(proof.path()).hasSizeLessThanOrEqualTo(height(size));
      assertThat(plan.subtrees()).hasSizeLessThanOrEqualTo(2 * height(size));
      assertThat(read).as("tiles read").hasSizeLessThanOrEqualTo(2 * levels(size));
      assertThat(proof.check(tree.leaf(index == 0 ? 1 : 0), root))
          .isInstanceOf(ProofCheck.Fails.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 10_000_000, 16_777_216, 16_777_217, 1L << 40})
  void consistencyProofsHoldAndStayLogarithmic(long size) {
    SparseTree tree = tree(size);
    Digest32 root = tree.root(size);
    LongStream random = new Random(size).longs(PROOFS, 1, size);
    for (long from : LongStream.concat(LongStream.of(1, size / 2, size - 1), random).toArray()) {
      ProofPlan plan = ProofPlan.consistency(from, size);
      ConsistencyProof proof = new ConsistencyProof(from, size, resolve(tree, plan));
      assertThat(proof.check(tree.root(from), root)).isEqualTo(new ProofCheck.Holds());
      assertThat(proof.path()).hasSizeLessThanOrEqualTo(height(size) + 1);
      assertThat(plan.subtrees()).hasSizeLessThanOrEqualTo(2 * height(size));
      assertThat(read).as("tiles read").hasSizeLessThanOrEqualTo(2 * levels(size));
      assertThat(proof.check(tree.root(from - 1), root)).isInstanceOf(ProofCheck.Fails.class);
    }
  }

  /// What the integrator reads to go on, and writes for one more entry.
  @ParameterizedTest
  @ValueSource(longs = {10_000_000, 16_777_215, 16_777_216, 1L << 40})
  void growingReadsAndWritesTheRightEdgeAlone(long size) {
    SparseTree before = tree(size);
    SparseTree after = new SparseTree(size + 1, fewOf(size));
    TileTree growing = TileTree.resume(size, id -> stored(before, id));
    assertThat(read).as("tiles read").hasSizeLessThanOrEqualTo(levels(size) + 1);
    assertThat(growing.root()).isEqualTo(before.root(size));
    growing.append(after.leaf(size));
    assertThat(growing.root()).isEqualTo(after.root(size + 1));
    List<Tile> changed = growing.takeChanged();
    assertThat(changed).hasSizeLessThanOrEqualTo(levels(size) + 1);
    changed.forEach(tile -> assertThat(tile).isEqualTo(after.tile(tile.id())));
  }

  private static List<Long> fewOf(long size) {
    LongStream edges =
        LongStream.of(0, 1, 255, 256, 65_535, 65_536, size / 2, size - 257, size - 2, size - 1);
    return LongStream.concat(edges, new Random(size).longs(PROOFS, 0, size)).boxed().toList();
  }

  /// Else the tests above would be about another tree.
  @Test
  void aSparseTreeIsTheTreeOfItsEntries() {
    SparseTree tree = tree(70_000);
    TileTree dense = new TileTree();
    for (long i = 0; i < tree.size(); i++) {
      dense.append(tree.leaf(i));
    }
    assertThat(tree.root(tree.size())).isEqualTo(dense.root());
    assertThat(dense.takeChanged())
        .allSatisfy(tile -> assertThat(tree.tile(tile.id())).isEqualTo(tile));
  }
}
