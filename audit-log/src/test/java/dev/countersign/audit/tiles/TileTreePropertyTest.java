package dev.countersign.audit.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.merkle.CompactRange;
import dev.countersign.audit.merkle.InclusionProof;
import dev.countersign.audit.merkle.ProofCheck;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.audit.merkle.ReferenceTree;
import dev.countersign.audit.merkle.Subtree;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Digest32;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class TileTreePropertyTest {

  /// Grows in batches, forgetting everything but the stored tiles between them, as a process that
  /// restarts does.
  @Property(tries = 60)
  void growsLikeTheReferenceHoweverItIsBatched(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 300) Integer> batches) {
    Map<TileId, Tile> stored = new HashMap<>();
    int total = batches.stream().mapToInt(Integer::intValue).sum();
    ReferenceTree reference = ReferenceTree.ofSize(total);
    int size = 0;
    for (int batch : batches) {
      TileTree tree = TileTree.resume(size, id -> tile(stored, id));
      for (Digest32 leaf : reference.leaves().subList(size, size + batch)) {
        tree.append(leaf);
      }
      size += batch;
      store(tree.takeChanged(), stored);
      assertThat(tree.takeChanged()).as("tiles that changed since").isEmpty();
      assertThat(tree.size()).isEqualTo(size);
      assertThat(tree.root()).isEqualTo(reference.root(size));
    }
    assertTilesAreThoseOf(reference, total, stored);
  }

  /// A tile only ever grows at its end.
  private static void store(List<Tile> changed, Map<TileId, Tile> stored) {
    for (Tile tile : changed) {
      @Nullable Tile before = stored.put(tile.id(), tile);
      if (before != null) {
        assertThat(tile.width()).isGreaterThan(before.width());
        assertThat(tile.prefix(before.width())).isEqualTo(before);
      }
    }
  }

  private static void assertTilesAreThoseOf(
      ReferenceTree reference, int size, Map<TileId, Tile> stored) {
    int leavesPerHash = 1;
    int tiles = 0;
    for (int level = 0; size / leavesPerHash > 0; level++) {
      int hashes = size / leavesPerHash;
      for (int i = 0; i < hashes; i++) {
        Tile tile = tile(stored, new TileId(level, i / 256));
        assertThat(tile.hash(i % 256))
            .isEqualTo(reference.mth(i * leavesPerHash, (i + 1) * leavesPerHash));
      }
      tiles += (hashes + 255) / 256;
      leavesPerHash *= 256;
    }
    assertThat(stored).hasSize(tiles);
  }

  /// Deep enough for three levels of tiles.
  @Example
  void provesFromTilesInATreeOfThreeLevels() {
    int size = 65_536 + 256 * 3 + 7;
    Map<TileId, Tile> stored = new HashMap<>();
    TileTree tree = new TileTree();
    CompactRange range = new CompactRange();
    for (int i = 0; i < size; i++) {
      Digest32 leaf = leaf(i);
      tree.append(leaf);
      range.append(leaf);
    }
    store(tree.takeChanged(), stored);
    assertThat(tree.root()).isEqualTo(range.root());
    assertThat(TileTree.resume(size, id -> tile(stored, id)).root()).isEqualTo(range.root());
    for (int index : new int[] {0, 1, 255, 256, 65_535, 65_536, 66_000, size - 1}) {
      ProofPlan plan = ProofPlan.inclusion(index, size);
      InclusionProof proof =
          new InclusionProof(index, size, plan.resolve(subtree -> hashIn(stored, subtree)));
      assertThat(proof.check(leaf(index), range.root())).isEqualTo(new ProofCheck.Holds());
      assertThat(plan.subtrees().stream().map(TileId::holding).distinct().count())
          .as("tiles read for the proof of %d", index)
          .isLessThanOrEqualTo(6);
    }
  }

  private static Digest32 hashIn(Map<TileId, Tile> stored, Subtree subtree) {
    return tile(stored, TileId.holding(subtree)).subtree(subtree);
  }

  private static Tile tile(Map<TileId, Tile> stored, TileId id) {
    return Optional.ofNullable(stored.get(id)).orElseThrow();
  }

  private static Digest32 leaf(int index) {
    return TreeHash.leaf(new byte[] {(byte) (index >> 16), (byte) (index >> 8), (byte) index});
  }
}
