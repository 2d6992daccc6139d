package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.merkle.ConsistencyProof;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.core.model.Bytes;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A log that we wrote, verified by code that we did not write.
@WithTestEnvironment
@Timeout(180)
class ForeignVerifierIT {
  private final TestLog log;

  @TempDir Path directory;

  ForeignVerifierIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private String key() {
    return log.signer.verifierKey().toString();
  }

  private Path export() {
    Path files = directory.resolve("log");
    new LogExport(log.unitOfWork).export(files, VerificationProgress.NONE);
    return files;
  }

  private SignedCheckpoint checkpoint() {
    return SignedCheckpoint.open(
        log.reader.latestCheckpoint().orElseThrow().getBytes(StandardCharsets.UTF_8),
        log.signer.verifierKey());
  }

  private Path proof(long index) throws IOException {
    Path file = directory.resolve(index + LogProof.EXTENSION);
    return Files.writeString(file, log.reader.prove(index).orElseThrow().format());
  }

  private Path consistency(SignedCheckpoint old, long size) throws IOException {
    long from = old.checkpoint().treeSize();
    ConsistencyProof proof = log.reader.proveConsistency(from, size);
    StringBuilder text = new StringBuilder();
    text.append("%d %d %s%n".formatted(from, size, base64(old.checkpoint().root().bytes())));
    proof.path().forEach(hash -> text.append(base64(hash.bytes())).append('\n'));
    return Files.writeString(directory.resolve(from + ".consistency"), text);
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }

  /// Go reads every file, builds the tree from the entries, proves each entry and every seventh
  /// older tree from our tiles, and checks the proofs that we made.
  @Test
  void goAcceptsALogOfThousandsOfEntries() throws Exception {
    List<SignedCheckpoint> older = new ArrayList<>();
    for (int count : List.of(1, 254, 1, 1, 255, 488, 700, 1300)) {
      log.fill(count);
      older.add(checkpoint());
    }
    int size = (int) older.getLast().checkpoint().treeSize();
    List<Path> proofs = new ArrayList<>();
    for (long index : List.of(0L, 1L, 255L, 256L, 511L, 1024L, size - 2L, size - 1L)) {
      proofs.add(proof(index));
    }
    for (SignedCheckpoint old : older.subList(0, older.size() - 1)) {
      proofs.add(consistency(old, size));
    }
    GoVerifier.Verdict verdict =
        GoVerifier.build(directory.resolve("bin")).verify(export(), key(), proofs);
    assertThat(verdict)
        .isEqualTo(
            new GoVerifier.Verdict(
                true,
                "verified: 3000 entries, root %s, 3000 record proofs, 429 tree proofs, 15 files"
                    .formatted(base64(older.getLast().checkpoint().root().bytes()))));
  }

  /// Else the test above would say nothing.
  @Test
  void goRefusesWhatWasChanged() throws Exception {
    log.fill(600);
    GoVerifier go = GoVerifier.build(directory.resolve("bin"));
    Path files = export();
    Path proof = proof(300);
    assertThat(go.verify(files, key(), List.of(proof)).good()).isTrue();

    CheckpointSigner other = TestLog.newSigner();
    assertThat(go.verify(files, other.verifierKey().toString(), List.of()).output())
        .contains("no verifiable signatures");
    for (String file :
        List.of("tile/entries/001", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2")) {
      Path changed = files.resolve(file);
      byte[] good = Files.readAllBytes(changed);
      byte[] bad = good.clone();
      bad[40] ^= 1;
      Files.write(changed, bad);
      assertThat(go.verify(files, key(), List.of())).as(file).matches(verdict -> !verdict.good());
      Files.write(changed, good);
    }
    Files.writeString(proof, Files.readString(proof).replace("index 300", "index 301"));
    assertThat(go.verify(files, key(), List.of(proof)).output())
        .contains("300.tlog-proof")
        .contains("invalid transparency proof");
  }
}
