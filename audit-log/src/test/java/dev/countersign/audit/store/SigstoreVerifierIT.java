package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.core.model.Digest32;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.sigstore.merkle.InclusionProofVerificationException;
import dev.sigstore.merkle.InclusionProofVerifier;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Inclusion proofs of our log, checked by sigstore-java as it checks those of Rekor. Of ours it is
/// given the proof file's fields; leaf and nodes it hashes with Guava, size and root it is given
/// from the signed note.
@WithTestEnvironment
@Timeout(60)
class SigstoreVerifierIT {
  private static final int SIZE = 300;

  private final TestLog log;

  SigstoreVerifierIT(PostgresDatabase database) {
    this.log = new TestLog(database);
    log.fill(SIZE);
  }

  @AfterEach
  void close() {
    log.close();
  }

  /// What sigstore is asked.
  private record Claim(Digest32 leaf, long index, long size, List<Digest32> path, Digest32 root) {
    static Claim of(LogProof proof) {
      String[] note = proof.checkpoint().split("\n", 4);
      return new Claim(
          Digest32.of(
              Hashing.sha256()
                  .newHasher()
                  .putByte((byte) 0)
                  .putBytes(proof.entry().toArray())
                  .hash()
                  .asBytes()),
          proof.index(),
          Long.parseLong(note[1]),
          proof.path(),
          Digest32.of(Base64.getDecoder().decode(note[2])));
    }

    void verify() throws InclusionProofVerificationException {
      InclusionProofVerifier.verify(
          leaf.bytes().toArray(),
          index,
          size,
          path.stream().map(hash -> hash.bytes().toArray()).toList(),
          root.bytes().toArray());
    }
  }

  private Claim claim(long index) {
    return Claim.of(log.reader.prove(index).orElseThrow());
  }

  @Test
  void sigstoreAcceptsTheProofOfEveryEntry() throws InclusionProofVerificationException {
    for (long index = 0; index < SIZE; index++) {
      Claim claim = claim(index);
      assertThat(claim.size()).isEqualTo(SIZE);
      claim.verify();
    }
  }

  /// Else the test above would say nothing.
  @Test
  void sigstoreRefusesWhatWasChanged() {
    Claim good = claim(200);
    for (int bit = 0; bit < Digest32.SIZE * 8; bit++) {
      assertRefused(
          new Claim(flipped(good.leaf(), bit), good.index(), SIZE, good.path(), good.root()));
      assertRefused(
          new Claim(good.leaf(), good.index(), SIZE, good.path(), flipped(good.root(), bit)));
      for (int position = 0; position < good.path().size(); position++) {
        List<Digest32> path = new ArrayList<>(good.path());
        path.set(position, flipped(path.get(position), bit));
        assertRefused(new Claim(good.leaf(), good.index(), SIZE, path, good.root()));
      }
    }
    List<Digest32> shorter = good.path().subList(0, good.path().size() - 1);
    assertRefused(new Claim(good.leaf(), good.index(), SIZE, shorter, good.root()));
    assertRefused(new Claim(good.leaf(), 201, SIZE, good.path(), good.root()));
    assertRefused(new Claim(claim(201).leaf(), 200, SIZE, good.path(), good.root()));
  }

  private static void assertRefused(Claim claim) {
    assertThatThrownBy(claim::verify)
        .isInstanceOf(InclusionProofVerificationException.class)
        .hasMessageContaining("does not match provided root hash");
  }

  private static Digest32 flipped(Digest32 hash, int bit) {
    byte[] changed = hash.bytes().toArray();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return Digest32.of(changed);
  }
}
