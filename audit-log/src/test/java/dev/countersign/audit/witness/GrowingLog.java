package dev.countersign.audit.witness;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.merkle.ProofPlan;
import dev.countersign.audit.merkle.ReferenceTree;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;

/// A log that can show any history under its one key.
record GrowingLog(CheckpointSigner signer) {
  static final String ORIGIN = "example.com/log";

  static GrowingLog create() {
    return new GrowingLog(signer(ORIGIN));
  }

  static CheckpointSigner signer(String name) {
    try {
      return new Ed25519CheckpointSigner(
          name, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// A history of `size` entries that differs from others from entry `forkedAt` on.
  record History(GrowingLog log, ReferenceTree tree) {
    SignedCheckpoint checkpoint(int size) {
      return SignedCheckpoint.sign(
          new Checkpoint(log.signer().verifierKey().name(), size, tree.root(size)), log.signer());
    }

    List<Digest32> proof(long from, long to) {
      return ProofPlan.consistency(from, to)
          .resolve(
              subtree -> {
                int width = 1 << subtree.level();
                int begin = Math.toIntExact(subtree.index() * width);
                return tree.mth(begin, begin + width);
              });
    }

    /// The body of a request.
    byte[] request(int from, int to) {
      return new AddCheckpoint(from, proof(from, to), checkpoint(to).note())
          .format()
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  History history(int size, int forkedAt) {
    return new History(
        this,
        new ReferenceTree(
            IntStream.range(0, size)
                .mapToObj(i -> (i < forkedAt ? "entry " : "other ") + i)
                .map(text -> TreeHash.leaf(text.getBytes(StandardCharsets.UTF_8)))
                .toList()));
  }
}
