package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.FormerKey;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.SuccessorSigner;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A log whose key is replaced while it goes on under the same origin.
@WithTestEnvironment
@Timeout(60)
class KeySuccessionIT {
  private final TestLog log;
  private final CheckpointSigner successor = TestLog.newSigner();

  @TempDir Path directory;

  KeySuccessionIT(PostgresDatabase database) {
    this.log = new TestLog(database);
    log.fill(3);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private Integrator integrator(CheckpointSigner signer) {
    return new Integrator(
        log.unitOfWork,
        signer,
        InstantSource.system(),
        TestLog.QUICK,
        Optional.of(new CheckpointMemory(directory.resolve("seen"))),
        EntryBodies.HOT);
  }

  private VerificationResult verified(LogKeys keys, SignedCheckpoint... known) {
    return new StoredLogVerifier(log.unitOfWork, keys, WitnessPolicy.NONE, EntryBodies.HOT)
        .verify(List.of(known), VerificationProgress.NONE);
  }

  /// The log's key until now, with the checkpoint that there is now.
  private FormerKey former() {
    return new FormerKey(
        log.signer.verifierKey(),
        SignedCheckpoint.open(latest().getBytes(StandardCharsets.UTF_8), log.signer.verifierKey())
            .checkpoint());
  }

  private String latest() {
    return log.unitOfWork.inTransaction(
        transaction -> TreeRows.latestCheckpoint(TestLog.handle(transaction)).orElseThrow().note());
  }

  @Test
  void theLogGoesOnUnderTheNewKeyAndKeepsWhatTheFormerSigned() throws InterruptedException {
    try (Integrator former = integrator(log.signer)) {
      former.start();
      assertThat(former.replacedKey()).isEmpty();
    }
    SignedCheckpoint before =
        SignedCheckpoint.open(latest().getBytes(StandardCharsets.UTF_8), log.signer.verifierKey());
    SuccessorSigner signer = new SuccessorSigner(successor, List.of(former()));
    try (Integrator integrator = integrator(signer)) {
      integrator.start();
      assertThat(integrator.replacedKey()).contains(log.signer.verifierKey());
      assertThat(integrator.sizeAtStart()).isEqualTo(3);
      log.append("under the new key");
      TestLog.awaitIntegration(integrator);
      assertThat(integrator.problem()).isEmpty();
    }
    assertThat(
            SignedCheckpoint.open(latest().getBytes(StandardCharsets.UTF_8), signer.verifierKey())
                .checkpoint()
                .treeSize())
        .isEqualTo(4);
    assertThat(verified(signer.logKeys(), before)).isInstanceOf(Verified.class);
    assertThat(verified(LogKeys.of(successor.verifierKey())))
        .isInstanceOfSatisfying(
            Broken.class,
            broken ->
                assertThat(broken.findings())
                    .allSatisfy(
                        finding -> assertThat(finding.message()).contains("no good signature")));
    try (Integrator again = integrator(signer)) {
      again.start();
      assertThat(again.replacedKey()).isEmpty();
    }
  }

  /// Whoever has the database and a key that was given up for that.
  @Test
  void theFormerKeyCannotContinueTheLog() throws InterruptedException {
    SuccessorSigner signer = new SuccessorSigner(successor, List.of(former()));
    log.append("d");
    assertThat(log.pass(10).run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);
    assertThat(latest()).contains("\n4\n");
    try (Integrator integrator = integrator(signer)) {
      assertThatThrownBy(integrator::start)
          .isInstanceOf(BrokenLogException.class)
          .hasMessageContaining("3 entries at most");
    }
    assertThat(verified(signer.logKeys())).isInstanceOf(Broken.class);
  }

  /// That key and the database are enough for another history of the same length.
  @Test
  void theFormerKeyCannotRewriteTheLog() {
    SuccessorSigner signer = new SuccessorSigner(successor, List.of(former()));
    log.tamper(
        "UPDATE audit.sequencer SET tree_size = 0, highest_entry = 0;"
            + " TRUNCATE audit.leaf, audit.tile, audit.checkpoint",
        "UPDATE audit.entry SET body = 'another history' WHERE id = 2");
    log.pass(10).begin();
    assertThat(log.pass(2).run()).isEqualTo(IntegrationPass.Outcome.BEHIND);
    try (Integrator integrator = integrator(signer)) {
      assertThatThrownBy(integrator::start)
          .isInstanceOf(BrokenLogException.class)
          .hasMessageContaining("was set back");
    }
    assertThat(log.pass(2).run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);
    try (Integrator integrator = integrator(signer)) {
      assertThatThrownBy(integrator::start).isInstanceOf(BrokenLogException.class);
    }
    assertThat(verified(signer.logKeys())).isInstanceOf(Broken.class);
  }

  @Test
  void aKeyThatNobodyAnnouncedDoesNotContinueTheLog() {
    try (Integrator stranger = integrator(successor)) {
      assertThatThrownBy(stranger::start)
          .isInstanceOf(BrokenLogException.class)
          .hasMessageContaining("not signed by a key of this log")
          .hasMessageContaining("audit.formerKeys");
    }
    assertThat(latest()).contains("\n3\n");
  }
}
