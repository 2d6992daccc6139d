package dev.countersign.audit.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Cosignature;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.witness.GrowingLog.History;
import dev.countersign.audit.witness.WitnessDecision.AtAnotherSize;
import dev.countersign.audit.witness.WitnessDecision.Cosigned;
import dev.countersign.audit.witness.WitnessDecision.Inconsistent;
import dev.countersign.audit.witness.WitnessDecision.Malformed;
import dev.countersign.audit.witness.WitnessDecision.NotSigned;
import dev.countersign.audit.witness.WitnessDecision.OtherRoot;
import dev.countersign.audit.witness.WitnessDecision.UnknownLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessTest {
  private static final Instant NOW = Instant.parse("2026-11-22T18:41:00Z");
  private static final GrowingLog LOG = GrowingLog.create();
  private static final CheckpointSigner KEY = GrowingLog.signer("witness.example/1");
  private static final History HISTORY = LOG.history(40, 40);

  @TempDir private Path directory;
  private WitnessState state;
  private Witness witness;

  @BeforeEach
  void open() throws IOException {
    state = WitnessState.open(directory);
    witness = witness(state);
  }

  @AfterEach
  void close() throws IOException {
    state.close();
  }

  private static Witness witness(WitnessState state) {
    return new Witness(KEY, List.of(LOG.signer().verifierKey()), state, InstantSource.fixed(NOW));
  }

  private void reopen() throws IOException {
    state.close();
    open();
  }

  private void cosigns(History history, int from, int to) throws IOException {
    SignedCheckpoint checkpoint = history.checkpoint(to);
    assertThat(witness.decide(history.request(from, to)))
        .isInstanceOfSatisfying(
            Cosigned.class,
            cosigned -> {
              Cosignature cosignature = cosigned.cosignature();
              assertThat(cosignature.at()).isEqualTo(NOW);
              assertThat(Cosignature.check(cosignature.line(), checkpoint, witness.verifierKey()))
                  .isPresent();
            });
  }

  @Test
  void cosignsALogThatGrows() throws IOException {
    cosigns(HISTORY, 0, 3);
    cosigns(HISTORY, 3, 3);
    cosigns(HISTORY, 3, 17);
    cosigns(HISTORY, 17, 40);
  }

  @Test
  void saysWhatItCosignedLast() throws IOException {
    cosigns(HISTORY, 0, 17);
    assertThat(witness.decide(HISTORY.request(0, 20))).isEqualTo(new AtAnotherSize(17));
    assertThat(witness.decide(HISTORY.request(3, 20))).isEqualTo(new AtAnotherSize(17));
    assertThat(witness.decide(HISTORY.request(18, 20))).isEqualTo(new AtAnotherSize(17));
  }

  @Test
  void refusesALogThatWasSetBack() throws IOException {
    cosigns(HISTORY, 0, 17);
    assertThat(witness.decide(HISTORY.request(0, 3))).isEqualTo(new AtAnotherSize(17));
    assertThat(witness.decide(HISTORY.request(3, 3))).isEqualTo(new AtAnotherSize(17));
  }

  @Test
  void refusesALogThatWasRewritten() throws IOException {
    cosigns(HISTORY, 0, 17);
    History rewritten = LOG.history(40, 16);
    assertThat(witness.decide(rewritten.request(17, 17))).isEqualTo(new OtherRoot(17));
    assertThat(witness.decide(rewritten.request(17, 40))).isInstanceOf(Inconsistent.class);
    cosigns(HISTORY, 17, 40);
  }

  @Test
  void remembersWhatItCosignedOverARestart() throws IOException {
    cosigns(HISTORY, 0, 17);
    reopen();
    assertThat(witness.decide(HISTORY.request(0, 3))).isEqualTo(new AtAnotherSize(17));
    cosigns(HISTORY, 17, 18);
  }

  @Test
  void cosignsNothingThatItCannotRemember() throws IOException {
    cosigns(HISTORY, 0, 3);
    Path draft;
    try (var files = Files.newDirectoryStream(directory, "*.checkpoint")) {
      draft = Path.of(files.iterator().next() + ".new");
    }
    Files.createDirectories(draft.resolve("in the way"));
    assertThatThrownBy(() -> witness.decide(HISTORY.request(3, 17)))
        .isInstanceOf(IOException.class);
    assertThat(witness.decide(HISTORY.request(17, 18))).isEqualTo(new AtAnotherSize(3));
  }

  @Test
  void aHalfWrittenDraftIsForgotten() throws IOException {
    cosigns(HISTORY, 0, 17);
    try (var files = Files.newDirectoryStream(directory, "*.checkpoint")) {
      Files.writeString(Path.of(files.iterator().next() + ".new"), "example.com/log\n4");
    }
    reopen();
    cosigns(HISTORY, 17, 18);
  }

  @Test
  void oneProcessHasTheState() {
    assertThatThrownBy(() -> WitnessState.open(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use by another witness");
  }

  @Test
  void doesNotStartOnAStateThatIsNotItsOwn() throws IOException {
    cosigns(HISTORY, 0, 17);
    Path file;
    try (var files = Files.newDirectoryStream(directory, "*.checkpoint")) {
      file = files.iterator().next();
    }
    Path copy = file.resolveSibling("0".repeat(64) + ".checkpoint");
    Files.copy(file, copy);
    assertThatThrownBy(this::reopen).hasMessageContaining("is of another log");
    Files.delete(copy);
    Files.writeString(file, "");
    assertThatThrownBy(() -> WitnessState.open(directory))
        .hasMessageContaining("is not what this witness wrote");
    Files.delete(file);
    open();
  }

  @Test
  void knowsItsLogsByTheirKeys() throws IOException {
    GrowingLog impostor = GrowingLog.create();
    assertThat(witness.decide(impostor.history(3, 3).request(0, 3))).isEqualTo(new NotSigned());
    GrowingLog stranger = new GrowingLog(GrowingLog.signer("example.com/other"));
    assertThat(witness.decide(stranger.history(3, 3).request(0, 3))).isEqualTo(new UnknownLog());
    assertThatThrownBy(
            () -> new Witness(KEY, List.of(KEY.verifierKey()), state, InstantSource.fixed(NOW)))
        .isInstanceOf(InvalidNoteException.class);
  }

  @Test
  void aLogMayReplaceItsKeyAndNotItsHistory() throws IOException {
    cosigns(HISTORY, 0, 17);
    GrowingLog newKey = GrowingLog.create();
    witness =
        new Witness(
            KEY,
            List.of(LOG.signer().verifierKey(), newKey.signer().verifierKey()),
            state,
            InstantSource.fixed(NOW));
    cosigns(HISTORY, 17, 18);
    cosigns(newKey.history(40, 40), 18, 40);
    assertThat(witness.decide(newKey.history(50, 30).request(40, 50)))
        .isInstanceOf(Inconsistent.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "old 0\n",
        "old 0\n\n",
        "old 00\n\n$NOTE",
        "old -1\n\n$NOTE",
        "old 9999999999999999999\n\n$NOTE",
        "old  0\n\n$NOTE",
        "old 0\r\n\r\n$NOTE",
        "new 0\n\n$NOTE",
        "old 0\nAAAA\n\n$NOTE",
        "old 4\n\n$NOTE",
        "old 0\n\nnothing",
        "old 0\n$NOTE"
      })
  void refusesWhatIsNoRequest(String body) throws IOException {
    String text = body.replace("$NOTE", HISTORY.checkpoint(3).note());
    assertThat(witness.decide(text.getBytes(StandardCharsets.UTF_8))).isInstanceOf(Malformed.class);
  }

  @Test
  void refusesAProofWhereNoneIsNeeded() throws IOException {
    byte[] tooMuch =
        new AddCheckpoint(0, HISTORY.proof(3, 17), HISTORY.checkpoint(17).note())
            .format()
            .getBytes(StandardCharsets.UTF_8);
    assertThat(witness.decide(tooMuch)).isInstanceOf(Inconsistent.class);
  }

  /// Two histories race for the same step; one wins, and no cosignature is ever given for both.
  @Test
  void ofManyAtOnceOneHistoryWins() throws Exception {
    List<Callable<WitnessDecision>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      History history = LOG.history(40, i % 2 == 0 ? 0 : 40);
      int to = 20 + i;
      calls.add(() -> witness.decide(history.request(0, to)));
    }
    List<WitnessDecision> decisions = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<WitnessDecision> done : threads.invokeAll(calls)) {
        decisions.add(done.get());
      }
    }
    assertThat(decisions).filteredOn(Cosigned.class::isInstance).hasSize(1);
    assertThat(decisions).filteredOn(AtAnotherSize.class::isInstance).hasSize(7);
  }
}
