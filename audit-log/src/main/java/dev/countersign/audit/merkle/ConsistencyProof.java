package dev.countersign.audit.merkle;

import dev.countersign.core.model.Digest32;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Proof that an older tree is a prefix of a newer one: nothing in it was changed or taken out.
///
/// @param from how many leaves the older tree has
/// @param to how many leaves the newer tree has
public record ConsistencyProof(long from, long to, List<Digest32> path) {
  public ConsistencyProof {
    path = List.copyOf(path);
  }

  /// Checks by RFC 9162, section 2.1.4.2. Every tree continues the empty one.
  ///
  /// @param fromRoot of the older tree, from a source that is trusted
  /// @param toRoot of the newer tree, from a source that is trusted
  public ProofCheck check(Digest32 fromRoot, Digest32 toRoot) {
    if (from < 0 || from > to) {
      return new ProofCheck.Fails(
          "a tree of %d entries cannot continue one of %d".formatted(to, from));
    }
    if (from == 0 || from == to) {
      if (!path.isEmpty()) {
        return new ProofCheck.Fails(
            "from %d to %d entries needs no hashes, the proof has %d"
                .formatted(from, to, path.size()));
      }
      return ProofCheck.rootsAgree(
          "older root", fromRoot, from == 0 ? TreeHash.EMPTY_ROOT : toRoot);
    }
    return climb(fromRoot, toRoot);
  }

  private ProofCheck climb(Digest32 fromRoot, Digest32 toRoot) {
    Deque<Digest32> hashes = new ArrayDeque<>(path);
    if (Long.bitCount(from) == 1) {
      hashes.addFirst(fromRoot);
    }
    if (hashes.isEmpty()) {
      return new ProofCheck.Fails("the proof has no hashes");
    }
    long node = from - 1;
    long last = to - 1;
    while ((node & 1) == 1) {
      node >>= 1;
      last >>= 1;
    }
    Digest32 older = hashes.removeFirst();
    Digest32 newer = older;
    for (Digest32 hash : hashes) {
      if (last == 0) {
        return new ProofCheck.Fails(
            "the proof has more hashes (%d) than the way to the root".formatted(path.size()));
      }
      if ((node & 1) == 1 || node == last) {
        older = TreeHash.node(hash, older);
        newer = TreeHash.node(hash, newer);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        newer = TreeHash.node(newer, hash);
      }
      node >>= 1;
      last >>= 1;
    }
    if (last != 0) {
      return new ProofCheck.Fails(
          "the proof has fewer hashes (%d) than the way to the root".formatted(path.size()));
    }
    ProofCheck check = ProofCheck.rootsAgree("older root", fromRoot, older);
    return check instanceof ProofCheck.Fails
        ? check
        : ProofCheck.rootsAgree("newer root", toRoot, newer);
  }
}
