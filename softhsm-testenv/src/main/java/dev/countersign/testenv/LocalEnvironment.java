package dev.countersign.testenv;

import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.chain.DevChainOptions;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.postgres.PostgresServer;
import dev.countersign.testenv.process.ProcessHome;
import dev.countersign.testenv.softhsm.SoftHsmInstallation;
import dev.countersign.testenv.softhsm.SoftHsmProvisioner;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.file.Path;
import java.security.SecureRandom;

/// A token, a database and a chain in one home directory, kept from one run to the next.
///
/// Layout: `softhsm/`, `postgres/`, `chain/`, and what [ProcessHome] keeps. Further processes of
/// the same home are started through [#processes]; they are stopped before the database and the
/// chain.
///
/// @param processes the home; owned by this environment
/// @param token the SoftHSM token [#TOKEN_LABEL]
/// @param database the database [#DATABASE] on a running server
/// @param chain a running chain
public record LocalEnvironment(
    ProcessHome processes, SoftHsmToken token, PostgresDatabase database, DevChain chain)
    implements AutoCloseable {

  /// The label of the token.
  public static final String TOKEN_LABEL = "countersign";

  /// The name of the database.
  public static final String DATABASE = "countersign";

  /// Provides everything; on first use in this home, and for this user, that takes some seconds.
  ///
  /// @param processes the opened home, closed with the environment
  /// @throws TestEnvironmentException when a part cannot be provided; the home is closed then, so
  ///     nothing is left running
  public static LocalEnvironment start(
      ProcessHome processes, ToolCache cache, DevChainOptions chainOptions, Progress progress) {
    boolean complete = false;
    try {
      var token =
          new SoftHsmProvisioner(SoftHsmInstallation.find(cache, progress), new SecureRandom())
              .provision(processes.directory().resolve("softhsm"), TOKEN_LABEL);
      var postgres = PostgresServer.start(processes, cache, progress);
      var database =
          postgres.hasDatabase(DATABASE)
              ? postgres.database(DATABASE)
              : postgres.createDatabase(DATABASE);
      var chain = DevChain.start(processes, cache, progress, "chain", chainOptions);
      complete = true;
      return new LocalEnvironment(processes, token, database, chain);
    } finally {
      if (!complete) {
        processes.close();
      }
    }
  }

  /// {@return the home's absolute path}
  public Path home() {
    return processes.directory();
  }

  /// Stops everything, last started first, and gives the home up.
  @Override
  public void close() {
    processes.close();
  }
}
