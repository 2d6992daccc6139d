package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A superuser with the triggers switched off, and what the integrator says at its next start.
@WithTestEnvironment
@Timeout(60)
class BrokenLogIT {
  private final TestLog log;

  BrokenLogIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @BeforeEach
  void fill() {
    log.fill(300);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private BrokenLogException refusal() {
    BrokenLogException refusal =
        catchThrowableOfType(BrokenLogException.class, () -> log.pass(10).begin());
    assertThat(refusal).as("refusal to start").isNotNull();
    return refusal;
  }

  @Test
  void startsOnAGoodLog() {
    log.pass(10).begin();
  }

  @ParameterizedTest
  @CsvSource({"260", "299"})
  void namesANewEntryThatWasChanged(long index) {
    log.tamper("UPDATE audit.entry SET body = 'x' WHERE id = " + (index + 1));
    assertThat(refusal())
        .hasMessageStartingWith("entry %d of the audit log was changed".formatted(index))
        .extracting(BrokenLogException::index)
        .isEqualTo(OptionalLong.of(index));
  }

  @Test
  void namesANewEntryThatIsGone() {
    log.tamper("DELETE FROM audit.entry WHERE id = 271");
    assertThat(refusal()).hasMessage("entry 270 of the audit log is gone");
  }

  @Test
  void namesANewPlaceThatIsGone() {
    log.tamper("DELETE FROM audit.leaf WHERE leaf_index = 299");
    assertThat(refusal()).hasMessage("entry 299 of the audit log is gone");
  }

  @Test
  void namesTwoThatWereSwapped() {
    log.tamper(
        "DELETE FROM audit.leaf WHERE leaf_index IN (280, 281)",
        "INSERT INTO audit.leaf VALUES (280, 282, NULL, now()), (281, 281, NULL, now())");
    assertThat(refusal()).hasMessageStartingWith("entry 280 of the audit log was changed");
  }

  @Test
  void findsAChangedTree() {
    log.tamper(
        "UPDATE audit.tile SET hashes = set_byte(hashes, 7, get_byte(hashes, 7) # 1)"
            + " WHERE level = 0 AND tile_index = 1");
    assertThat(refusal()).hasMessageContaining("is not the one that was signed last");
  }

  @Test
  void namesWhereATileIsGone() {
    log.tamper("DELETE FROM audit.tile WHERE level = 0 AND tile_index = 1");
    assertThat(refusal())
        .hasMessage("tile 0/1 of the audit log: expected 44 hashes, got 0")
        .extracting(BrokenLogException::index)
        .isEqualTo(OptionalLong.of(256));
  }

  @Test
  void findsThatTheNewestCheckpointIsGone() {
    log.append("one more");
    assertThat(log.pass(10).run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);
    log.tamper("DELETE FROM audit.checkpoint WHERE tree_size = 301");
    assertThat(refusal())
        .hasMessage(
            """
            the audit log is not the one that was signed last
              signed:  300 entries
              stored:  300 entries
              counted: 301 entries\
            """);
  }

  @Test
  void findsThatAllCheckpointsAreGone() {
    log.tamper("DELETE FROM audit.checkpoint");
    assertThat(refusal()).hasMessage("the audit log has lost its last checkpoint");
  }

  @Test
  void findsACheckpointThatSaysAnotherSize() {
    log.tamper("UPDATE audit.checkpoint SET tree_size = 999 WHERE tree_size = 300");
    assertThat(refusal()).hasMessageContaining("stored:  999 entries");
  }

  @Test
  void findsThatTheCounterWasSetBack() {
    log.tamper("UPDATE audit.sequencer SET tree_size = 0, highest_entry = 0");
    assertThat(refusal()).hasMessageContaining("counted: 0 entries");
  }

  @Test
  void refusesToGoOnUnderAnotherKey() {
    CheckpointSigner other = TestLog.newSigner();
    assertThatThrownBy(
            () -> new IntegrationPass(log.unitOfWork, other, InstantSource.system(), 10).begin())
        .isInstanceOf(BrokenLogException.class)
        .hasMessageContaining("is not signed by a key of this log");
  }

  @Test
  void aPassThatFindsTheTreeChangedAddsNothing() {
    log.append("one more");
    log.tamper("UPDATE audit.tile SET hashes = substr(hashes, 33) WHERE tile_index = 1");
    assertThatThrownBy(() -> log.pass(10).run()).isInstanceOf(BrokenLogException.class);
    assertThat(log.names()).hasSize(300);
  }

  @Test
  void noEntryCanHaveTwoPlaces() {
    assertThatThrownBy(
            () ->
                log.superuser.useHandle(
                    handle ->
                        handle.execute("INSERT INTO audit.leaf VALUES (300, 7, NULL, now())")))
        .rootCause()
        .hasMessageContaining("leaf_entry_id_key");
  }

  /// As after a switch to a replica that does not follow sequences: what is logged from then on
  /// would never come into the tree.
  @Test
  void refusesIdsThatWereSetBack() {
    log.superuser.useHandle(handle -> handle.execute("SELECT setval('audit.entry_id_seq', 1)"));
    assertThatThrownBy(() -> log.pass(10).begin())
        .isInstanceOf(BrokenLogException.class)
        .hasMessageContaining("the ids of audit entries were set back");
    log.superuser.useHandle(
        handle ->
            handle.execute(
                "SELECT setval('audit.entry_id_seq', (SELECT max(id) FROM audit.entry))"));
    log.pass(10).begin();
  }

  @Test
  void aRunningServerStopsTheLogWhenIdsAreSetBack() {
    try (Integrator integrator = log.integrator()) {
      integrator.start();
      log.superuser.useHandle(handle -> handle.execute("SELECT setval('audit.entry_id_seq', 1)"));
      await().until(() -> integrator.problem().isPresent());
      assertThat(integrator.problem().orElseThrow()).contains("were set back");
    }
  }
}
