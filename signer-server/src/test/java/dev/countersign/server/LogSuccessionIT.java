package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.audit.checkpoint.Checkpoint;
import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.FormerKey;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.entry.LogEntry;
import dev.countersign.audit.store.EntryBodies;
import dev.countersign.audit.store.PostgresAuditReader;
import dev.countersign.audit.store.StoredLogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.config.StartException;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A log that gets another key, and one that takes the place of another: docs/runbooks,
/// CHECKPOINT_KEY.md and BROKEN_LOG.md.
@WithTestEnvironment
@Timeout(120)
class LogSuccessionIT {
  private static final String NEW_ORIGIN = "test.example/log-2";
  private static final Path RUNBOOK = Path.of("../docs/runbooks/BROKEN_LOG.md");
  private static final Pattern SQL = Pattern.compile("(?s)```sql\n(.*?)```");

  private final ServerHome home;
  private final Jdbi jdbi;
  private final Path directory;

  LogSuccessionIT(
      PostgresDatabase database, SoftHsmToken token, DevChain chain, @TempDir Path directory) {
    this.directory = directory;
    this.home = new ServerHome(directory, database, token, chain);
    this.jdbi = Jdbi.create(database.dataSource());
  }

  private VerifierKey key(String file, String origin) {
    return CheckpointKeyFile.openOrCreate(directory.resolve(file), origin, new SecureRandom())
        .verifierKey();
  }

  private void startAndStop() throws InterruptedException {
    try (RunningServer server = home.start()) {
      assertThat(server.grpcPort()).isPositive();
    }
  }

  private List<LogEntry> entries() {
    return new PostgresAuditReader(new JdbiUnitOfWork(jdbi))
        .entries(0, 1000).stream()
            .map(entry -> EntryDecoder.decode(entry.entry().toArray()))
            .toList();
  }

  private void assertVerified(LogKeys keys) {
    assertThat(
            new StoredLogVerifier(
                    new JdbiUnitOfWork(jdbi), keys, WitnessPolicy.NONE, EntryBodies.HOT)
                .verify(List.of(), VerificationProgress.NONE))
        .isInstanceOf(Verified.class);
  }

  @Test
  void aNewKeyContinuesTheLogAndANewLogTakesThePlaceOfABrokenOne() throws Exception {
    startAndStop();
    VerifierKey first = key(ServerHome.CHECKPOINT_KEY, ServerHome.ORIGIN);
    VerifierKey second = continueUnderAnotherKey(first);
    String lastGood = breakTheLog();
    setTheLogAside();
    continueInAnotherLog(second, lastGood);
  }

  private VerifierKey continueUnderAnotherKey(VerifierKey former) throws InterruptedException {
    home.log(ServerHome.ORIGIN, "next.key");
    assertThatThrownBy(home::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("not signed by a key of this log");

    FormerKey before =
        new FormerKey(former, Checkpoint.claimedBy(lastNote().getBytes(StandardCharsets.UTF_8)));
    home.log(ServerHome.ORIGIN, "next.key", "formerKeys: [\"%s\"]".formatted(before));
    startAndStop();
    startAndStop();
    VerifierKey current = key("next.key", ServerHome.ORIGIN);
    assertThat(entries().stream().filter(entry -> entry.type().equals("checkpoint-key-changed")))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.details())
                    .containsEntry("former", former.toString())
                    .containsEntry("current", current.toString()));
    assertVerified(new LogKeys(current, List.of(before)));
    return current;
  }

  private String lastNote() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT note FROM audit.checkpoint ORDER BY tree_size DESC LIMIT 1")
                .mapTo(String.class)
                .one());
  }

  /// @return its last checkpoint
  private String breakTheLog() {
    String note = lastNote();
    jdbi.useHandle(
        handle -> {
          handle.execute("ALTER TABLE audit.entry DISABLE TRIGGER ALL");
          handle.execute("UPDATE audit.entry SET body = body || ' ' WHERE id = 1");
        });
    assertThatThrownBy(home::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("entry 0")
        .hasMessageContaining("BROKEN_LOG.md");
    return note;
  }

  /// As the runbook says.
  private void setTheLogAside() throws IOException {
    Matcher sql = SQL.matcher(Files.readString(RUNBOOK));
    assertThat(sql.find()).isTrue();
    jdbi.useHandle(handle -> handle.createScript(sql.group(1)).execute());
  }

  private void continueInAnotherLog(VerifierKey former, String note) throws InterruptedException {
    home.file("last-good.checkpoint", note);
    String continues =
        "continues: {checkpoint: last-good.checkpoint, key: \"%s\"}".formatted(former);
    home.log(NEW_ORIGIN, "second.key", continues);
    startAndStop();
    startAndStop();

    assertThat(entries().getFirst())
        .satisfies(
            entry -> {
              assertThat(entry.type()).isEqualTo("log-continued");
              assertThat(entry.details())
                  .containsEntry("origin", ServerHome.ORIGIN)
                  .containsEntry("key", former.toString())
                  .containsEntry("treeSize", note.lines().skip(1).findFirst().orElseThrow());
            });
    assertThat(entries().stream().filter(entry -> entry.type().equals("log-continued"))).hasSize(1);
    assertVerified(LogKeys.of(key("second.key", NEW_ORIGIN)));
  }
}
