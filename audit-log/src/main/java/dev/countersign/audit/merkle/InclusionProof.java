package dev.countersign.audit.merkle;

import dev.countersign.core.model.Digest32;
import java.util.List;

/// Proof that a leaf is in a tree.
///
/// @param index of the leaf, from 0
/// @param treeSize how many leaves the tree has
/// @param path the siblings, from the leaf's own up to the child of the root
public record InclusionProof(long index, long treeSize, List<Digest32> path) {
  public InclusionProof {
    path = List.copyOf(path);
  }

  /// Checks by RFC 9162, section 2.1.3.2.
  ///
  /// @param leaf the leaf's hash, see [TreeHash#leaf]
  /// @param root of the tree, from a source that is trusted
  public ProofCheck check(Digest32 leaf, Digest32 root) {
    if (index < 0 || index >= treeSize) {
      return new ProofCheck.Fails(
          "index %d is outside of a tree of %d entries".formatted(index, treeSize));
    }
    long node = index;
    long last = treeSize - 1;
    Digest32 hash = leaf;
    for (Digest32 sibling : path) {
      if (last == 0) {
        return new ProofCheck.Fails(
            "the path has more hashes (%d) than the way to the root".formatted(path.size()));
      }
      if ((node & 1) == 1 || node == last) {
        hash = TreeHash.node(sibling, hash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = TreeHash.node(hash, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    if (last != 0) {
      return new ProofCheck.Fails(
          "the path has fewer hashes (%d) than the way to the root".formatted(path.size()));
    }
    return ProofCheck.rootsAgree("root", root, hash);
  }
}
