package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.Finding;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.audit.verify.VerificationResult.Broken;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.Transaction;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.database.SchemaMigration;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// A fresh, empty log in a database, as the server has it: migrated by the owner of the schema,
/// used through a login that is a member of the module's role and owns nothing.
public final class TestLog implements AutoCloseable {
  static final SchemaMigration MIGRATION =
      new SchemaMigration("audit", "dev/countersign/audit/migrations");
  static final String ORIGIN = "example.com/test-log";
  static final IntegratorSettings QUICK =
      new IntegratorSettings(Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(50), 16);
  static final String LOGIN = "audit_test_server";
  private static final String PASSWORD = "only for this test";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final Jdbi superuser;
  final Jdbi login;
  public final JdbiUnitOfWork unitOfWork;
  final CheckpointSigner signer = newSigner();
  public final PostgresAuditTrail trail = new PostgresAuditTrail(() -> {});
  final PostgresAuditReader reader;
  private final HikariDataSource pool;

  public TestLog(PostgresDatabase database) {
    this.superuser = Jdbi.create(database.dataSource());
    boolean fresh =
        superuser.withHandle(
            handle ->
                handle
                    .createQuery("SELECT to_regclass('audit.sequencer') IS NULL")
                    .mapTo(Boolean.class)
                    .one());
    if (fresh) {
      migrate(database);
    } else {
      empty();
    }
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource(LOGIN, PASSWORD));
    config.setMaximumPoolSize(16);
    config.setMinimumIdle(0);
    this.pool = new HikariDataSource(config);
    this.login = Jdbi.create(pool);
    this.unitOfWork = new JdbiUnitOfWork(login);
    this.reader = new PostgresAuditReader(unitOfWork);
  }

  /// Connections of the server's login.
  DataSource dataSource() {
    return pool;
  }

  /// What the server's login does next it does on new sessions.
  void renewSessions() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  /// One at a time: the roles belong to the cluster, which tests share.
  private void migrate(PostgresDatabase database) {
    synchronized (MIGRATION) {
      migrateAlone(database);
    }
  }

  private void migrateAlone(PostgresDatabase database) {
    MIGRATION.run(database.dataSource());
    superuser.useHandle(
        handle ->
            handle.execute(
                """
                DO $$ BEGIN
                  CREATE ROLE %s LOGIN PASSWORD '%s';
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
                END $$
                """
                    .formatted(LOGIN, PASSWORD)));
    MIGRATION.grantTo(database.dataSource(), LOGIN);
  }

  /// A tenth of the time of a migration.
  private void empty() {
    superuser.useHandle(
        handle -> {
          switchTriggers(handle, "DISABLE");
          handle.execute(
              "TRUNCATE audit.entry, audit.leaf, audit.tile, audit.checkpoint, audit.sequencer,"
                  + " audit.cosignature, audit.search_block, audit.search_term, audit.archive"
                  + " RESTART IDENTITY");
          handle.execute("INSERT INTO audit.sequencer DEFAULT VALUES");
          switchTriggers(handle, "ENABLE");
        });
  }

  static void switchTriggers(Handle handle, String how) {
    for (String table :
        List.of(
            "entry",
            "leaf",
            "tile",
            "checkpoint",
            "sequencer",
            "cosignature",
            "search_block",
            "search_term",
            "archive")) {
      handle.execute("ALTER TABLE audit." + table + " " + how + " TRIGGER ALL");
    }
    for (String partition : partitions(handle)) {
      handle.execute("ALTER TABLE " + partition + " " + how + " TRIGGER ALL");
    }
  }

  /// The partitions of the entries, by their whole names.
  static List<String> partitions(Handle handle) {
    return handle
        .createQuery(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent ="
                + " 'audit.entry'::regclass ORDER BY 1")
        .mapTo(String.class)
        .list();
  }

  static CheckpointSigner newSigner() {
    try {
      return new Ed25519CheckpointSigner(
          ORIGIN, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// The key that its checkpoints are signed with.
  public VerifierKey verifierKey() {
    return signer.verifierKey();
  }

  static AuditRecord record(String name) {
    return AuditRecord.of(
        Instant.parse("2026-11-22T18:41:00Z"),
        Actor.system("test"),
        new AuditEvent.ServerStarted(name, "1", Digest32.of(new byte[32])));
  }

  static List<AuditRecord> records(String... names) {
    return Arrays.stream(names).map(TestLog::record).toList();
  }

  Integrator integrator() {
    return integrator(QUICK);
  }

  Integrator integrator(IntegratorSettings settings) {
    return new Integrator(unitOfWork, signer, InstantSource.system(), settings);
  }

  /// One pass after the other on this thread, each of `batch` entries at most.
  IntegrationPass pass(int batch) {
    return new IntegrationPass(unitOfWork, signer, InstantSource.system(), batch);
  }

  void append(String... names) {
    unitOfWork.run(transaction -> trail.append(transaction, records(names)));
  }

  void append(Transaction transaction, String... names) {
    trail.append(transaction, records(names));
  }

  /// These entries, all of them in the tree.
  public void integrate(List<AuditRecord> records) {
    unitOfWork.run(transaction -> trail.append(transaction, records));
    IntegrationPass pass = pass(10_000);
    pass.begin();
    assertThat(pass.run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);
  }

  /// `count` entries named `0`, `1` and so on, all of them in the tree.
  public void fill(int count) {
    append(IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new));
    IntegrationPass pass = pass(10_000);
    pass.begin();
    assertThat(pass.run()).isEqualTo(IntegrationPass.Outcome.CAUGHT_UP);
  }

  static void awaitIntegration(Integrator integrator) throws InterruptedException {
    assertThat(integrator.awaitIntegration(PATIENCE))
        .as("integrated within %s; problem: %s", PATIENCE, integrator.problem())
        .isTrue();
  }

  /// The names of the entries in the tree, in its order.
  List<String> names() {
    List<String> names = new ArrayList<>();
    while (true) {
      List<PostgresAuditReader.IndexedEntry> page = reader.entries(names.size(), 1000);
      if (page.isEmpty()) {
        return names;
      }
      page.forEach(
          entry ->
              names.add(
                  Objects.requireNonNull(
                      EntryDecoder.decode(entry.entry().toArray()).details().get("instance"))));
    }
  }

  Gaps gaps() {
    return login.inTransaction(handle -> Sequencer.lock(handle).gaps());
  }

  /// Exports to `directory` and verifies what is there then. An export that ends at an entry that
  /// is gone has found it out itself.
  VerificationResult exportAndVerify(Path directory, SignedCheckpoint... known) {
    try {
      new LogExport(unitOfWork).export(directory, VerificationProgress.NONE);
    } catch (BrokenLogException e) {
      return new Broken(
          List.of(
              new Finding(
                  Finding.Kind.ENTRY_MISSING, e.index(), Objects.requireNonNull(e.getMessage()))),
          1);
    }
    return new LogVerifier(signer.verifierKey())
        .verify(new DirectoryLogFiles(directory), List.of(known), VerificationProgress.NONE);
  }

  /// What only a superuser can do: change what triggers protect.
  void tamper(String... statements) {
    superuser.useHandle(
        handle -> {
          switchTriggers(handle, "DISABLE");
          for (String statement : statements) {
            assertThat(handle.execute(statement)).as(statement).isPositive();
          }
          switchTriggers(handle, "ENABLE");
        });
  }

  static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }

  @Override
  public void close() {
    pool.close();
  }
}
