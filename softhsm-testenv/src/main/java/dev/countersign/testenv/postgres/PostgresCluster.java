package dev.countersign.testenv.postgres;

import dev.countersign.testenv.FileTrees;
import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.Progress;
import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A data directory with its superuser's password beside it.
///
/// @param directory holds `data/` and `superuser.password`
record PostgresCluster(Path directory) {
  static final String SUPERUSER = "postgres";

  /// Part of the template's name in the cache: count up when the arguments of `initdb` change.
  private static final int TEMPLATE_GENERATION = 1;

  Path data() {
    return directory.resolve("data");
  }

  Path passwordFile() {
    return directory.resolve("superuser.password");
  }

  /// Takes the cluster in the directory, or makes a new one with a password of its own.
  static PostgresCluster open(
      Path directory, PostgresPrograms programs, SecureRandom random, Progress progress)
      throws IOException {
    var cluster = new PostgresCluster(directory);
    if (!Files.exists(cluster.data())) {
      progress.starting("creating the database cluster");
      OwnerOnly.directory(directory);
      cluster.initialise(programs, random, List.of());
    }
    return cluster;
  }

  /// Makes a new cluster by copying one kept in the cache: a tenth of the time. It shares its
  /// password with every other copy of this user, which is why only short-lived test clusters are
  /// made so.
  static PostgresCluster copy(
      Path directory,
      PostgresPrograms programs,
      ToolCache cache,
      SecureRandom random,
      Progress progress)
      throws IOException {
    var template =
        cache.obtain(
            "postgres-" + programs.fingerprint() + "-template-" + TEMPLATE_GENERATION,
            "creating the template cluster",
            progress,
            fresh -> new PostgresCluster(fresh).initialise(programs, random, List.of("--no-sync")));
    FileTrees.copy(template, directory);
    return new PostgresCluster(directory);
  }

  // Made beside its place and moved there, so a cluster that exists is a whole one.
  private void initialise(PostgresPrograms programs, SecureRandom random, List<String> options)
      throws IOException {
    Arrays.fill(OwnerOnly.secret(passwordFile(), random), '\0');
    var beside = directory.resolve("data.part");
    FileTrees.delete(beside);
    var line = new ArrayList<>(programs.wrapper());
    line.addAll(
        List.of(
            programs.program("initdb").toString(),
            "--pgdata=" + beside,
            "--username=" + SUPERUSER,
            "--pwfile=" + passwordFile(),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions"));
    line.addAll(options);
    var exit = new Command(line, Map.of("LC_ALL", "C"), directory, Duration.ofMinutes(2)).run();
    if (!exit.succeeded()) {
      throw new TestEnvironmentException(
          "initdb ended with " + exit.code() + " in " + directory + ":\n  " + exit.output());
    }
    Files.move(beside, data());
  }
}
