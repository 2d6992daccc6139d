package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.CosignedCheckpoint;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.Quorum;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.merkle.TreeHash;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.witness.ScriptedWitness;
import dev.countersign.audit.witness.WitnessDecision;
import dev.countersign.audit.witness.WitnessEndpoint;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@WithTestEnvironment
@Timeout(60)
class WitnessingIT {
  private static final WitnessingSettings QUICK =
      new WitnessingSettings(
          Duration.ofMillis(40),
          Duration.ofMillis(10),
          Duration.ofSeconds(1),
          Duration.ofMillis(200),
          Duration.ofMillis(100),
          Duration.ofMillis(200),
          Duration.ofSeconds(2));
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private final TestLog log;
  private final List<TestWitness> witnesses = new ArrayList<>();

  WitnessingIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @BeforeEach
  void start() {
    for (int i = 1; i <= 3; i++) {
      witnesses.add(new TestWitness("w" + i, directory, log.signer.verifierKey()));
    }
  }

  @AfterEach
  void close() {
    witnesses.forEach(TestWitness::close);
    log.close();
  }

  private List<WitnessEndpoint> endpoints() {
    return witnesses.stream().map(TestWitness::endpoint).toList();
  }

  private static WitnessPolicy policy(int quorum, List<WitnessEndpoint> of) {
    return WitnessPolicy.of(quorum, of.stream().map(WitnessEndpoint::key).toList());
  }

  private Witnessing witnessing(int quorum, List<WitnessEndpoint> of) {
    Witnessing witnessing =
        new Witnessing(
            log.unitOfWork,
            log.signer.logKeys(),
            policy(quorum, of),
            of,
            InstantSource.system(),
            QUICK);
    witnessing.start();
    return witnessing;
  }

  private void append(int count) {
    log.append(IntStream.range(0, count).mapToObj(i -> "more " + i).toArray(String[]::new));
    IntegrationPass pass = log.pass(10_000);
    pass.begin();
    assertThat(pass.run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);
  }

  private Optional<CosignedCheckpoint> published(WitnessPolicy policy) {
    return new PostgresAuditReader(log.unitOfWork, policy)
        .latestCheckpoint()
        .map(
            note ->
                CosignedCheckpoint.open(
                    note.getBytes(StandardCharsets.UTF_8), log.signer.verifierKey(), policy));
  }

  private static long size(CosignedCheckpoint checkpoint) {
    return checkpoint.signed().checkpoint().treeSize();
  }

  @Test
  void everyProofHasTheWordOfEnoughWitnesses() throws InterruptedException {
    log.fill(5);
    WitnessPolicy all = policy(3, endpoints());
    assertThat(published(all)).isEmpty();
    try (Witnessing witnessing = witnessing(3, endpoints())) {
      assertThat(witnessing.awaitWitnessed(PATIENCE)).as("%s", witnessing.status()).isTrue();
      assertThat(published(all).orElseThrow().cosigners()).hasSize(3);
      append(300);
      assertThat(witnessing.awaitWitnessed(PATIENCE)).isTrue();
      assertThat(size(published(all).orElseThrow())).isEqualTo(305);
      assertThat(witnessing.problem()).isEmpty();
      assertThat(witnessing.status()).allSatisfy(one -> assertThat(one.cosigned()).hasValue(305));
    }
    LogProof proof = new PostgresAuditReader(log.unitOfWork, all).prove(3).orElseThrow();
    assertThat(LogProof.parse(proof.format()).check(log.signer.verifierKey()))
        .isInstanceOf(LogProof.Verdict.Proven.class);
    assertThat(
            CosignedCheckpoint.open(
                    proof.checkpoint().getBytes(StandardCharsets.UTF_8),
                    log.signer.verifierKey(),
                    all)
                .cosigners())
        .hasSize(3);
    assertThat(new LogExport(log.unitOfWork, all).export(directory.resolve("x"), (_, _) -> {}))
        .satisfies(exported -> assertThat(exported.checkpoint()).contains("— w2 "));
  }

  @Test
  void oneThatIsDownHoldsNothingUp() throws InterruptedException {
    witnesses.get(1).stop();
    log.fill(5);
    try (Witnessing witnessing = witnessing(2, endpoints())) {
      for (int i = 0; i < 5; i++) {
        append(1);
        assertThat(witnessing.awaitWitnessed(Duration.ofSeconds(5))).isTrue();
      }
      assertThat(witnessing.problem().orElseThrow()).contains("witness w2 at http://127.0.0.1:");
      witnesses.get(1).start();
      append(1);
      await().until(() -> witnessing.problem().isEmpty());
    }
  }

  @Test
  void withoutAQuorumTheLogGrowsAndWhatIsGivenOutStays() throws InterruptedException {
    log.fill(5);
    WitnessPolicy two = policy(2, endpoints());
    try (Witnessing witnessing = witnessing(2, endpoints())) {
      assertThat(witnessing.awaitWitnessed(PATIENCE)).isTrue();
      witnesses.get(0).stop();
      witnesses.get(2).stop();
      append(20);
      assertThat(witnessing.awaitWitnessed(Duration.ofMillis(500))).isFalse();
      assertThat(size(published(two).orElseThrow())).isEqualTo(5);
      assertThat(log.names()).hasSize(25);
      assertThat(new PostgresAuditReader(log.unitOfWork, two).prove(20)).isEmpty();
      witnesses.get(0).start();
      assertThat(witnessing.awaitWitnessed(PATIENCE)).isTrue();
      assertThat(size(published(two).orElseThrow())).isEqualTo(25);
      witnesses.get(2).start();
    }
  }

  @Test
  void oneThatLiesIsNotBelieved() throws IOException, InterruptedException {
    log.fill(5);
    var liar = TestWitness.signer("liar");
    // It signs another checkpoint than it was given.
    SignedCheckpoint other =
        SignedCheckpoint.sign(new Checkpoint(TestLog.ORIGIN, 7, TreeHash.EMPTY_ROOT), log.signer);
    String line = Cosignature.sign(other, liar, Instant.now()).line();
    try (ScriptedWitness script =
        new ScriptedWitness(_ -> new ScriptedWitness.Says(200, "text/plain", line))) {
      List<WitnessEndpoint> of =
          List.of(
              witnesses.get(0).endpoint(),
              witnesses.get(1).endpoint(),
              new WitnessEndpoint(Cosignature.keyOf(liar), script.url()));
      try (Witnessing witnessing = witnessing(2, of)) {
        assertThat(witnessing.awaitWitnessed(PATIENCE)).isTrue();
        assertThat(published(policy(2, of)).orElseThrow().cosigners())
            .containsExactlyInAnyOrder(witnesses.get(0).key(), witnesses.get(1).key());
        await().until(() -> witnessing.problem().isPresent());
        assertThat(witnessing.problem().orElseThrow())
            .contains("witness liar")
            .contains("its cosignature is wrong");
      }
    }
  }

  @Test
  void oneThatIsBehindOrAheadOfOurMemoryIsAskedFromWhereItIs() throws InterruptedException {
    log.fill(100);
    try (Witnessing witnessing = witnessing(1, List.of(witnesses.get(0).endpoint()))) {
      assertThat(witnessing.awaitWitnessed(PATIENCE)).isTrue();
    }
    append(50);
    // Its cosignature of 100 is not known here: as after a cosignature that was not stored.
    log.tamper("DELETE FROM audit.cosignature");
    try (Witnessing witnessing = witnessing(3, endpoints())) {
      assertThat(witnessing.awaitWitnessed(PATIENCE)).as("%s", witnessing.problem()).isTrue();
      assertThat(witnessing.problem()).isEmpty();
    }
  }

  @Test
  void aLogThatWasSetBackIsRefusedAndNamed() throws InterruptedException {
    log.fill(100);
    try (Witnessing witnessing = witnessing(2, endpoints())) {
      assertThat(witnessing.awaitWitnessed(PATIENCE)).isTrue();
    }
    // As from a backup of yesterday: the same first 60 entries, and nothing after them.
    log.tamper(
        "UPDATE audit.sequencer SET tree_size = 0, highest_entry = 0;"
            + " TRUNCATE audit.entry, audit.leaf, audit.tile, audit.checkpoint, audit.cosignature"
            + " RESTART IDENTITY");
    log.fill(60);
    try (Witnessing witnessing = witnessing(2, endpoints())) {
      assertThat(witnessing.awaitWitnessed(Duration.ofMillis(800))).isFalse();
      assertThat(witnessing.problem().orElseThrow())
          .contains("the audit log was set back: it has 60 entries")
          .contains("has cosigned 100; entries from index 60 on are gone");
      assertThat(published(policy(2, endpoints()))).isEmpty();
      // It grows past where it was, with other entries: found all the same.
      append(90);
      await()
          .untilAsserted(
              () ->
                  assertThat(witnessing.problem().orElse(""))
                      .contains("it refuses to cosign 150 entries: the 100 that it cosigned"));
      assertThat(published(policy(2, endpoints()))).isEmpty();
    }
  }

  @Test
  void aWitnessWithANewKeyCountsOnceItIsConfigured() throws InterruptedException {
    log.fill(5);
    WitnessKey before = witnesses.get(0).key();
    List<WitnessEndpoint> old = List.of(witnesses.get(0).endpoint());
    LogProof proof;
    try (Witnessing witnessing = witnessing(1, old)) {
      assertThat(witnessing.awaitWitnessed(PATIENCE)).isTrue();
      proof = new PostgresAuditReader(log.unitOfWork, policy(1, old)).prove(2).orElseThrow();
      witnesses.get(0).replaceKey();
      append(3);
      assertThat(witnessing.awaitWitnessed(Duration.ofMillis(800))).isFalse();
      assertThat(witnessing.problem().orElseThrow()).contains("if the witness has a new one");
    }
    List<WitnessEndpoint> renewed = List.of(witnesses.get(0).endpoint());
    try (Witnessing witnessing = witnessing(1, renewed)) {
      assertThat(witnessing.awaitWitnessed(PATIENCE)).as("%s", witnessing.problem()).isTrue();
      assertThat(size(published(policy(1, renewed)).orElseThrow())).isEqualTo(8);
    }
    // An auditor who accepts either verifies what was proven before, and since.
    WitnessKey after = witnesses.get(0).key();
    WitnessPolicy either =
        new WitnessPolicy(
            new Quorum.Group(1, List.of(new Quorum.Witness(before), new Quorum.Witness(after))),
            List.of(before, after));
    byte[] note = proof.checkpoint().getBytes(StandardCharsets.UTF_8);
    assertThat(CosignedCheckpoint.open(note, log.signer.verifierKey(), either).cosigners())
        .containsExactly(before);
    assertThatThrownBy(
            () ->
                CosignedCheckpoint.open(
                    note, log.signer.verifierKey(), WitnessPolicy.of(1, List.of(after))))
        .isInstanceOf(InvalidNoteException.class);
  }

  @Test
  void anyInstanceTakesOver() throws InterruptedException {
    log.fill(5);
    Witnessing first = witnessing(3, endpoints());
    assertThat(first.awaitWitnessed(PATIENCE)).isTrue();
    try (Witnessing second = witnessing(3, endpoints())) {
      append(1);
      assertThat(second.awaitWitnessed(PATIENCE)).isTrue();
      assertThat(second.status()).allSatisfy(one -> assertThat(one.cosigned()).isEmpty());
      first.close();
      append(1);
      assertThat(second.awaitWitnessed(PATIENCE)).isTrue();
      // A cosignature counts as soon as it is stored, and its witness's status tells of it after.
      await()
          .untilAsserted(
              () ->
                  assertThat(second.status())
                      .allSatisfy(one -> assertThat(one.cosigned()).hasValue(7)));
      // One that died without a word is waited for as long as its lease lasts.
      log.superuser.useHandle(
          handle ->
              handle.execute(
                  "UPDATE audit.witness_lease SET holder = gen_random_uuid(),"
                      + " until = now() + interval '1 second'"));
      Thread.sleep(QUICK.lease());
      append(1);
      assertThat(second.awaitWitnessed(PATIENCE)).isTrue();
    }
  }

  /// Each witness takes its own time, and the log never stands still: they still cosign the same
  /// sizes.
  @Test
  void witnessesOfABusyLogCosignTheSameSizes() throws IOException {
    List<ScriptedWitness> slow = new ArrayList<>();
    List<WitnessEndpoint> of = new ArrayList<>();
    for (TestWitness witness : witnesses) {
      long delay = 20L + 50L * slow.size();
      ScriptedWitness one = new ScriptedWitness(request -> answer(witness, request, delay));
      slow.add(one);
      of.add(new WitnessEndpoint(witness.key(), one.url()));
    }
    log.fill(1);
    try (Integrator integrator = log.integrator();
        Witnessing witnessing = witnessing(3, of)) {
      integrator.start();
      List<Long> sizes = new ArrayList<>();
      long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      while (System.nanoTime() < end) {
        log.append("one", "more");
        integrator.wake();
        published(policy(3, of)).map(WitnessingIT::size).ifPresent(sizes::add);
      }
      assertThat(sizes.stream().distinct().count())
          .as("sizes; %s", witnessing.status())
          .isGreaterThan(4);
    } finally {
      slow.forEach(ScriptedWitness::close);
    }
  }

  private static ScriptedWitness.Says answer(TestWitness witness, String request, long delay) {
    try {
      return switch (witness.direct().decide(request.getBytes(StandardCharsets.UTF_8))) {
        case WitnessDecision.Cosigned(Cosignature cosignature) ->
            new ScriptedWitness.Says(200, "text/plain", cosignature.line(), delay);
        case WitnessDecision.AtAnotherSize(long size) ->
            new ScriptedWitness.Says(409, "text/x.tlog.size", size + "\n", delay);
        case WitnessDecision other -> throw new AssertionError(other.toString());
      };
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutAPolicyNothingIsWaitedFor() throws InterruptedException {
    log.fill(3);
    try (Witnessing none =
        new Witnessing(
            log.unitOfWork,
            log.signer.logKeys(),
            WitnessPolicy.NONE,
            List.of(),
            InstantSource.system(),
            QUICK)) {
      none.start();
      assertThat(none.awaitWitnessed(Duration.ZERO)).isTrue();
      assertThat(none.problem()).isEmpty();
      assertThat(published(WitnessPolicy.NONE)).isPresent();
    }
  }

  @Test
  void theServersLoginAddsCosignaturesAndChangesNone() throws InterruptedException {
    log.fill(3);
    try (Witnessing witnessing = witnessing(3, endpoints())) {
      assertThat(witnessing.awaitWitnessed(PATIENCE)).isTrue();
    }
    Stream.of(
            "UPDATE audit.cosignature SET line = 'x'",
            "DELETE FROM audit.cosignature",
            "DELETE FROM audit.witness_lease")
        .forEach(
            statement ->
                assertThatThrownBy(() -> log.login.useHandle(handle -> handle.execute(statement)))
                    .rootCause()
                    .hasMessageContaining("permission denied"));
  }
}
