package dev.countersign.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.store.Integrator;
import dev.countersign.audit.store.IntegratorSettings;
import dev.countersign.audit.store.LogExport;
import dev.countersign.audit.store.PostgresAuditReader;
import dev.countersign.audit.store.PostgresAuditTrail;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.database.SchemaMigration;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.postgres.PostgresServer;
import dev.countersign.testenv.process.ProcessHome;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.jdbi.v3.core.Jdbi;

/// `bench/run audit`: the log against plain inserts of the same bytes into the same PostgreSQL, how
/// soon an entry is under a checkpoint, what a proof costs, how fast a verifier is.
final class AuditBench {
  private static final List<Integer> WRITERS = List.of(1, 8, 64);

  /// The disk is uneven: floor and log take turns.
  private static final int TURNS = 3;

  private static final int LAG_ENTRIES = 400;
  private static final Duration CATCH_UP = Duration.ofMinutes(5);

  private final HikariDataSource pool;
  private final JdbiUnitOfWork unitOfWork;
  private final CheckpointSigner signer;
  private final Integrator integrator;
  private final Metrics metrics = new Metrics("audit");

  private AuditBench(PostgresDatabase database) throws Exception {
    new SchemaMigration("audit", "dev/countersign/audit/migrations").run(database.dataSource());
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    config.setMaximumPoolSize(WRITERS.getLast() + 4);
    this.pool = new HikariDataSource(config);
    this.unitOfWork = new JdbiUnitOfWork(Jdbi.create(pool));
    this.signer =
        new Ed25519CheckpointSigner(
            "example.com/bench", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    this.integrator =
        new Integrator(unitOfWork, signer, InstantSource.system(), IntegratorSettings.DEFAULT);
  }

  /// Arguments: a directory of its own, seconds.
  static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    Duration howLong = Duration.ofSeconds(Long.parseLong(args[1]));
    try (ProcessHome home = ProcessHome.open(directory, IO::println);
        PostgresServer server = PostgresServer.start(home, ToolCache.ofUser(), IO::println)) {
      new AuditBench(server.createDatabase("bench")).run(directory, howLong);
    }
  }

  private void run(Path directory, Duration howLong) throws Exception {
    Duration turn = howLong.dividedBy(2L * TURNS * WRITERS.size());
    InsertLoad load = new InsertLoad(pool, unitOfWork, new PostgresAuditTrail(integrator::wake));
    try (pool;
        integrator) {
      integrator.start();
      IO.println("warming up");
      var _ = load.plain(8, Duration.ofSeconds(2));
      var _ = load.log(8, Duration.ofSeconds(2));
      for (int writers : WRITERS) {
        compare(load, writers, turn);
      }
      lag(load);
      verify(directory.resolve("export"));
    }
    proofs();
    metrics.print();
  }

  private void compare(InsertLoad load, int writers, Duration turn) throws Exception {
    IO.println("%d writers, %d turns of %d ms each".formatted(writers, TURNS, turn.toMillis()));
    double plain = 0;
    double log = 0;
    double integrated = 0;
    Histogram lag = new Histogram(300_000_000, 3);
    for (int i = 0; i < TURNS; i++) {
      plain += load.plain(writers, turn).perSecond() / TURNS;
      InsertLoad.Written written = logAndProbe(load, writers, turn, lag);
      long over = System.nanoTime();
      awaitIntegration();
      double seconds = written.seconds() + (System.nanoTime() - over) / 1e9;
      log += written.perSecond() / TURNS;
      integrated += written.entries() / seconds / TURNS;
    }
    String each = "entries a second, %d in a transaction".formatted(InsertLoad.BATCH);
    metrics
        .add("ratio_to_plain_insert_" + writers, log / plain, "1 would mean the log is free")
        .add("log_entries_per_s_" + writers, log, each)
        .add("plain_entries_per_s_" + writers, plain, each)
        .add("integrated_per_s_" + writers, integrated, "until the last is under a checkpoint")
        .add(
            "lag_under_load_p99_ms_" + writers,
            lag.getValueAtPercentile(99) / 1e3,
            "commit to checkpoint, of %d entries".formatted(lag.getTotalCount()));
  }

  private void awaitIntegration() throws InterruptedException {
    if (!integrator.awaitIntegration(CATCH_UP)) {
      throw new IllegalStateException("not integrated: " + integrator.problem());
    }
  }

  /// One more writer, not counted, writes an entry now and then and waits until it is under a
  /// checkpoint.
  private InsertLoad.Written logAndProbe(
      InsertLoad load, int writers, Duration turn, Histogram lagMicros) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Callable<Boolean> probing =
        () -> {
          while (!over.get()) {
            load.one();
            long committed = System.nanoTime();
            awaitIntegration();
            lagMicros.recordValue((System.nanoTime() - committed) / 1_000);
            Thread.sleep(20);
          }
          return true;
        };
    try (var executor = Executors.newSingleThreadExecutor()) {
      Future<Boolean> probe = executor.submit(probing);
      InsertLoad.Written written;
      try {
        written = load.log(writers, turn);
      } finally {
        over.set(true);
      }
      var _ = probe.get();
      return written;
    }
  }

  /// One entry after the other, each until its checkpoint is stored.
  private void lag(InsertLoad load) throws InterruptedException {
    IO.println("how soon %d entries are under a checkpoint".formatted(LAG_ENTRIES));
    PostgresAuditReader reader = new PostgresAuditReader(unitOfWork);
    long size = size(reader);
    Histogram micros = new Histogram(60_000_000, 3);
    for (int i = 0; i < LAG_ENTRIES; i++) {
      load.one();
      long committed = System.nanoTime();
      size++;
      while (size(reader) < size) {
        Thread.sleep(1);
      }
      micros.recordValue((System.nanoTime() - committed) / 1_000);
      Thread.sleep(i % 17);
    }
    metrics
        .add(
            "integration_lag_p50_ms", micros.getValueAtPercentile(50) / 1e3, "commit to checkpoint")
        .add(
            "integration_lag_p99_ms",
            micros.getValueAtPercentile(99) / 1e3,
            "commit to checkpoint");
  }

  private static long size(PostgresAuditReader reader) {
    return Long.parseLong(reader.latestCheckpoint().orElseThrow().split("\n", 3)[1]);
  }

  private void proofs() {
    for (int millions : List.of(1, 10)) {
      IO.println("a simulated tree of %d million entries".formatted(millions));
      SimulatedTree tree = SimulatedTree.of(millions * 1_000_000L);
      SimulatedTree.Proofs made = tree.prove(20_000);
      metrics
          .add(
              "inclusion_proof_us_%dm".formatted(millions),
              made.microsEach(),
              "to make one from tiles in memory")
          .add(
              "inclusion_proof_hashes_%dm".formatted(millions),
              made.mostHashes(),
              "the longest one");
    }
  }

  private void verify(Path export) {
    IO.println("verifying an export");
    new LogExport(unitOfWork).export(export, VerificationProgress.NONE);
    long began = System.nanoTime();
    VerificationResult result =
        new LogVerifier(signer.verifierKey())
            .verify(new DirectoryLogFiles(export), List.of(), VerificationProgress.NONE);
    double seconds = (System.nanoTime() - began) / 1e9;
    switch (result) {
      case VerificationResult.Verified verified ->
          metrics
              .add("verify_entries_per_s", verified.entries() / seconds, "one thread, from files")
              .add("verified_entries", (double) verified.entries(), "all that were written here");
      case VerificationResult.VerifiedInPart part ->
          throw new IllegalStateException("nothing was archived: " + part);
      case VerificationResult.Broken broken ->
          throw new IllegalStateException("the log is broken: " + broken.findings());
    }
  }
}
