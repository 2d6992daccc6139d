package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.Ed25519CheckpointSigner;
import dev.countersign.audit.store.Integrator;
import dev.countersign.audit.store.IntegratorSettings;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.database.SchemaMigration;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `countersign audit archive`, and what `audit verify` says of the database then.
@WithTestEnvironment
@Timeout(60)
class ArchiveCommandIT {
  private final PostgresDatabase database;
  private final CheckpointSigner signer = signer();

  @TempDir private Path directory;

  ArchiveCommandIT(PostgresDatabase database) {
    this.database = database;
  }

  private static CheckpointSigner signer() {
    try {
      return new Ed25519CheckpointSigner(
          "example.com/log", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// 300 entries of January 2020 and 300 of today.
  @BeforeEach
  void fill() throws IOException {
    Files.writeString(directory.resolve("password"), database.password());
    Jdbi.create(database.dataSource())
        .useHandle(handle -> handle.execute("DROP SCHEMA IF EXISTS audit CASCADE"));
    new SchemaMigration("audit", "dev/countersign/audit/migrations").run(database.dataSource());
    Jdbi.create(database.dataSource())
        .useHandle(
            handle -> {
              handle.execute(
                  "SELECT audit.add_partition('entry_2020_01', '2020-01-01', '2020-02-01')");
              handle.execute(
                  "INSERT INTO audit.entry (body, written)"
                      + " SELECT '{}', '2020-01-31' FROM generate_series(1, 300)");
              handle.execute(
                  "INSERT INTO audit.entry (body) SELECT '{}' FROM generate_series(1, 300)");
            });
    integrate();
  }

  private void integrate() {
    try (Integrator integrator =
        new Integrator(
            new JdbiUnitOfWork(Jdbi.create(database.dataSource())),
            signer,
            InstantSource.system(),
            IntegratorSettings.DEFAULT)) {
      integrator.start();
      assertThat(integrator.awaitIntegration(Duration.ofSeconds(30))).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Run run(String command, String key, String... arguments) {
    var all = new ArrayList<>(List.of("audit", command, "--key", key, "--user", database.user()));
    all.addAll(List.of("--password-file", directory.resolve("password").toString()));
    all.addAll(List.of(arguments));
    all.add(database.jdbcUrl());
    return Run.of(all.toArray(String[]::new));
  }

  @Test
  void archivesAndVerifiesWithTheArchiveAlone() {
    var key = signer.verifierKey().toString();
    var to = directory.resolve("archive").toString();

    var foreign =
        run("archive", signer().verifierKey().toString(), "--before", "2020-02-01", "--to", to);
    assertThat(foreign.exitCode()).isEqualTo(ExitCode.NO);
    assertThat(foreign.err()).contains("nothing was archived (KEY)");
    var noDay = run("archive", key, "--before", "February", "--to", to);
    assertThat(noDay.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(noDay.err()).contains("--before: expected a day such as 2026-01-01, got February");

    var done = run("archive", key, "--before", "2020-02-01", "--to", to);
    assertThat(done.exitCode()).as(done.err()).isEqualTo(ExitCode.OK);
    assertThat(done.out())
        .contains("300 entries are in " + to + " and have left the database, with entry_2020_01")
        .contains("all below index 512")
        .contains("verified against the checkpoint of 600 entries");
    var again = run("archive", key, "--before", "2020-02-01", "--to", to);
    assertThat(again.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(again.out()).contains("no month with entries that has ended before 2020-02-01");

    integrate();
    var without = run("verify", key);
    assertThat(without.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(without.err())
        .contains("verified in part only")
        .contains("300 of 601 entries, with indexes below 512, were archived")
        .contains("--archive DIR");
    assertThat(without.out()).doesNotContain("log verified");
    var with = run("verify", key, "--archive", to);
    assertThat(with.exitCode()).as(with.err()).isEqualTo(ExitCode.OK);
    assertThat(with.out()).contains("log verified: 601 entries");
    var nowhere = run("verify", key, "--archive", directory.toString());
    assertThat(nowhere.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(nowhere.err()).contains("the archive " + directory + " is not there");
    assertThat(Run.of("audit", "verify", "--key", key, to).out())
        .contains("log verified: 600 entries");
  }

  @Test
  void aLogInPartIsNoAnswerAboutAReport() {
    var key = signer.verifierKey().toString();
    var to = directory.resolve("archive").toString();
    assertThat(run("archive", key, "--before", "2020-02-01", "--to", to).exitCode())
        .isEqualTo(ExitCode.OK);
    var part = run("report", key, report("part"));
    assertThat(part.err())
        .contains("verified in part only")
        .contains("no report is made of a part");
    assertThat(part.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(directory.resolve("part")).doesNotExist();

    var whole = run("report", key, report("whole", "--archive", to));
    assertThat(whole.exitCode()).as(whole.err()).isEqualTo(ExitCode.OK);
    var maker = CheckpointKeyFile.openExisting(directory.resolve("report.key")).verifierKey();
    var check =
        run(
            "verify-report",
            key,
            "--report-key",
            maker.toString(),
            directory.resolve("whole").toString(),
            "--log");
    assertThat(check.err()).contains("verified in part only");
    assertThat(check.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  private String[] report(String name, String... more) {
    var all =
        new ArrayList<>(
            List.of("--from", "2020-01-01", "--to", "2020-02-01", "--signer", "example.com/maker"));
    all.addAll(List.of("--out", directory.resolve(name).toString()));
    all.addAll(List.of("--sign-key", directory.resolve("report.key").toString()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void aDatabaseWithoutALogOrWithoutTheRightToReadItIsNoBug() {
    var key = signer.verifierKey().toString();
    var owner = Jdbi.create(database.dataSource());
    owner.useHandle(handle -> handle.execute("ALTER SCHEMA audit RENAME TO audit_away"));
    var nothing = run("verify", key);
    owner.useHandle(handle -> handle.execute("ALTER SCHEMA audit_away RENAME TO audit"));
    assertThat(nothing.err())
        .contains("has no tables of a log of this version that the login may use")
        .doesNotContain("bug");
    assertThat(nothing.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);

    owner.useHandle(
        handle ->
            handle.execute("CREATE ROLE nobody_of_the_log LOGIN PASSWORD 'only for this test'"));
    try {
      Files.writeString(directory.resolve("nobody"), "only for this test");
      var denied =
          Run.of(
              "audit",
              "verify",
              "--key",
              key,
              "--user",
              "nobody_of_the_log",
              "--password-file",
              directory.resolve("nobody").toString(),
              database.jdbcUrl());
      assertThat(denied.err()).contains("permission denied").doesNotContain("bug");
      assertThat(denied.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      owner.useHandle(handle -> handle.execute("DROP ROLE nobody_of_the_log"));
    }
  }
}
