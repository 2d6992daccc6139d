package dev.countersign.audit.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Digest32;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ProofPropertyTest {
  private static final int LARGEST = 600;
  private static final ReferenceTree TREE = ReferenceTree.ofSize(LARGEST);
  private static final ProofCheck HOLDS = new ProofCheck.Holds();

  private static Digest32 hashOf(Subtree subtree) {
    int width = 1 << subtree.level();
    int from = Math.toIntExact(subtree.index() * width);
    return TREE.mth(from, from + width);
  }

  private static InclusionProof inclusion(int index, int size) {
    return new InclusionProof(
        index, size, ProofPlan.inclusion(index, size).resolve(ProofPropertyTest::hashOf));
  }

  private static ConsistencyProof consistency(int from, int to) {
    return new ConsistencyProof(
        from, to, ProofPlan.consistency(from, to).resolve(ProofPropertyTest::hashOf));
  }

  @Property(tries = 300)
  void inclusionProofsAreThoseOfTheReferenceAndHold(
      @ForAll @IntRange(min = 1, max = LARGEST) int size,
      @ForAll @IntRange(max = LARGEST) int any) {
    int index = any % size;
    InclusionProof proof = inclusion(index, size);
    assertThat(proof.path()).isEqualTo(TREE.path(index, size));
    assertThat(proof.check(TREE.leaves().get(index), TREE.root(size))).isEqualTo(HOLDS);
  }

  @Property(tries = 300)
  void consistencyProofsAreThoseOfTheReferenceAndHold(
      @ForAll @IntRange(max = LARGEST) int to, @ForAll @IntRange(max = LARGEST) int any) {
    int from = any % (to + 1);
    ConsistencyProof proof = consistency(from, to);
    assertThat(proof.path()).isEqualTo(TREE.consistency(from, to));
    assertThat(proof.check(TREE.root(from), TREE.root(to))).isEqualTo(HOLDS);
  }

  @Property(tries = 200)
  void anInclusionProofHoldsForNothingElse(
      @ForAll @IntRange(min = 2, max = LARGEST) int size,
      @ForAll @IntRange(max = LARGEST) int any,
      @ForAll @IntRange(max = LARGEST) int change,
      @ForAll @IntRange(max = 255) int bit) {
    int index = any % size;
    InclusionProof proof = inclusion(index, size);
    Digest32 leaf = TREE.leaves().get(index);
    Digest32 root = TREE.root(size);
    assertFails(proof.check(flipped(leaf, bit), root));
    assertFails(proof.check(leaf, flipped(root, bit)));
    List<Digest32> altered = new ArrayList<>(proof.path());
    int position = change % altered.size();
    altered.set(position, flipped(altered.get(position), bit));
    assertFails(new InclusionProof(index, size, altered).check(leaf, root));
    List<Digest32> shorter = proof.path().subList(0, proof.path().size() - 1);
    assertFails(new InclusionProof(index, size, shorter).check(leaf, root));
    List<Digest32> longer = new ArrayList<>(proof.path());
    longer.add(root);
    assertFails(new InclusionProof(index, size, longer).check(leaf, root));
    int otherIndex = change % size;
    if (otherIndex != index) {
      assertFails(new InclusionProof(otherIndex, size, proof.path()).check(leaf, root));
    }
    assertFails(new InclusionProof(size, size, proof.path()).check(leaf, root));
    assertFails(new InclusionProof(-1, size, proof.path()).check(leaf, root));
  }

  @Property(tries = 200)
  void aConsistencyProofHoldsForNothingElse(
      @ForAll @IntRange(min = 2, max = LARGEST) int to,
      @ForAll @IntRange(max = LARGEST) int any,
      @ForAll @IntRange(max = LARGEST) int change,
      @ForAll @IntRange(max = 255) int bit) {
    int from = 1 + any % (to - 1);
    ConsistencyProof proof = consistency(from, to);
    Digest32 fromRoot = TREE.root(from);
    Digest32 toRoot = TREE.root(to);
    assertFails(proof.check(flipped(fromRoot, bit), toRoot));
    assertFails(proof.check(fromRoot, flipped(toRoot, bit)));
    List<Digest32> altered = new ArrayList<>(proof.path());
    int position = change % altered.size();
    altered.set(position, flipped(altered.get(position), bit));
    assertFails(new ConsistencyProof(from, to, altered).check(fromRoot, toRoot));
    List<Digest32> shorter = proof.path().subList(0, proof.path().size() - 1);
    assertFails(new ConsistencyProof(from, to, shorter).check(fromRoot, toRoot));
    List<Digest32> longer = new ArrayList<>(proof.path());
    longer.add(toRoot);
    assertFails(new ConsistencyProof(from, to, longer).check(fromRoot, toRoot));
    assertFails(new ConsistencyProof(to, from, proof.path()).check(toRoot, fromRoot));
    assertFails(new ConsistencyProof(to, to, proof.path()).check(toRoot, toRoot));
  }

  @Property(tries = 300)
  void proofsOfHugeTreesReadFewHashes(
      @ForAll @LongRange(min = 2, max = 1L << 40) long size, @ForAll @LongRange(min = 0) long any) {
    long index = any % size;
    int height = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    assertThat(ProofPlan.inclusion(index, size).terms().size()).isLessThanOrEqualTo(height);
    assertThat(ProofPlan.inclusion(index, size).subtrees().size()).isLessThanOrEqualTo(2 * height);
    assertThat(ProofPlan.consistency(index, size).subtrees().size())
        .isLessThanOrEqualTo(2 * height);
  }

  @Example
  void aProofOfWhatIsNotThereIsRefused() {
    assertThatThrownBy(() -> ProofPlan.inclusion(5, 5))
        .hasMessage("no entry 5 in a tree of 5 entries");
    assertThatThrownBy(() -> ProofPlan.consistency(6, 5))
        .hasMessage("no tree of 6 entries is a prefix of one of 5");
  }

  @Example
  void aFailureShowsBothRoots() {
    Digest32 root = TREE.root(5);
    assertThat(inclusion(2, 5).check(TREE.leaves().get(2), TreeHash.EMPTY_ROOT))
        .isEqualTo(
            new ProofCheck.Fails(
                "the proof leads to another root\n  expected: "
                    + TreeHash.EMPTY_ROOT
                    + "\n  computed: "
                    + root));
  }

  private static void assertFails(ProofCheck check) {
    assertThat(check).isInstanceOf(ProofCheck.Fails.class);
  }

  private static Digest32 flipped(Digest32 hash, int bit) {
    byte[] bytes = hash.bytes().toArray();
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    return Digest32.of(bytes);
  }
}
