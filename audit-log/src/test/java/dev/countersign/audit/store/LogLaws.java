package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.merkle.ConsistencyProof;
import dev.countersign.audit.merkle.InclusionProof;
import dev.countersign.audit.merkle.ProofCheck;
import dev.countersign.audit.merkle.ReferenceTree;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.store.LogLife.Written;
import dev.countersign.audit.store.PostgresAuditReader.IndexedEntry;
import dev.countersign.audit.store.TreeRows.StoredCheckpoint;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/// What holds of every log, whatever happened to it.
final class LogLaws {
  private static final int SAMPLES = 24;

  private final TestLog log;
  private final List<IndexedEntry> entries = new ArrayList<>();
  private final ReferenceTree reference;
  private final List<Checkpoint> checkpoints;
  private final Random choice = new Random(1);

  /// @param log at rest
  LogLaws(TestLog log) {
    this.log = log;
    List<IndexedEntry> page;
    do {
      page = log.reader.entries(entries.size(), 1000);
      entries.addAll(page);
    } while (!page.isEmpty());
    this.reference =
        new ReferenceTree(
            entries.stream().map(entry -> TreeHash.leaf(entry.entry().toArray())).toList());
    this.checkpoints = checkpoints();
  }

  void hold(List<Written> committed) {
    everythingCommittedHasOnePlaceAndNothingElseHas(committed);
    nothingStandsBeforeWhatItCouldSee(committed);
    everyCheckpointIsTheReferenceTrees();
    everyInclusionProofHolds();
    everyConsistencyProofHolds();
    assertThat(
            new StoredLogVerifier(log.unitOfWork, log.signer.verifierKey())
                .verify(List.of(), VerificationProgress.NONE))
        .isInstanceOf(Verified.class);
  }

  private void everythingCommittedHasOnePlaceAndNothingElseHas(List<Written> committed) {
    assertThat(log.names())
        .containsExactlyInAnyOrderElementsOf(committed.stream().map(Written::name).toList());
  }

  /// Whoever appended after another one's commit stands after it.
  private void nothingStandsBeforeWhatItCouldSee(List<Written> committed) {
    Map<String, Written> byName = new HashMap<>();
    committed.forEach(written -> byName.put(written.name(), written));
    long latest = -1;
    for (String name : log.names()) {
      Written written = Objects.requireNonNull(byName.get(name));
      assertThat(written.committed()).as("%s stands too late", name).isGreaterThan(latest);
      latest = Math.max(latest, written.appended());
    }
  }

  private void everyCheckpointIsTheReferenceTrees() {
    assertThat(checkpoints.getFirst().treeSize()).isZero();
    assertThat(checkpoints.getLast().treeSize()).isEqualTo(entries.size());
    for (Checkpoint checkpoint : checkpoints) {
      assertThat(checkpoint.root())
          .as("root of %d entries", checkpoint.treeSize())
          .isEqualTo(reference.root((int) checkpoint.treeSize()));
    }
  }

  private List<Checkpoint> checkpoints() {
    List<StoredCheckpoint> stored =
        log.login.withHandle(handle -> TreeRows.checkpoints(handle, -1, Long.MAX_VALUE, 1000));
    return stored.stream()
        .map(
            row ->
                SignedCheckpoint.open(
                        row.note().getBytes(StandardCharsets.UTF_8), log.signer.verifierKey())
                    .checkpoint())
        .toList();
  }

  private void everyInclusionProofHolds() {
    int size = entries.size();
    for (int index : sampled(size)) {
      LogProof proof = log.reader.prove(index).orElseThrow();
      assertThat(proof.entry()).isEqualTo(entries.get(index).entry());
      assertThat(proof.path()).isEqualTo(reference.path(index, size));
      // The signature under it is that of the last of the checkpoints.
      assertThat(proof.checkpoint()).isEqualTo(log.reader.latestCheckpoint().orElseThrow());
      assertThat(
              new InclusionProof(index, size, proof.path())
                  .check(reference.leaves().get(index), reference.root()))
          .isEqualTo(new ProofCheck.Holds());
    }
  }

  /// Between all sizes that were ever signed, and some that never were.
  private void everyConsistencyProofHolds() {
    List<Integer> sizes = new ArrayList<>();
    checkpoints.forEach(checkpoint -> sizes.add((int) checkpoint.treeSize()));
    sizes.addAll(sampled(entries.size() + 1));
    for (int i : sampled(sizes.size())) {
      for (int j : sampled(sizes.size())) {
        if (sizes.get(i) <= sizes.get(j) && choice.nextInt(SAMPLES) == 0) {
          holds(sizes.get(i), sizes.get(j));
        }
      }
    }
    holds(0, entries.size());
  }

  private void holds(int from, int to) {
    ConsistencyProof proof = log.reader.proveConsistency(from, to);
    Digest32 older = reference.root(from);
    assertThat(proof.path()).isEqualTo(reference.consistency(from, to));
    assertThat(proof.check(older, reference.root(to))).isEqualTo(new ProofCheck.Holds());
  }

  /// All of 0 to below `size`, or some of them.
  private List<Integer> sampled(int size) {
    return size <= SAMPLES
        ? IntStream.range(0, size).boxed().toList()
        : choice.ints(SAMPLES, 0, size).boxed().toList();
  }
}
