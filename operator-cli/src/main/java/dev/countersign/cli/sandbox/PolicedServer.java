package dev.countersign.cli.sandbox;

import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.cli.terminal.Steps;
import dev.countersign.testenv.process.ProcessHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// Starts the server with a policy that names the sandbox's own wallets. Their addresses are known
/// once they are made, which takes a server; so the first run starts it twice: without a policy,
/// when everything is denied, and then with it.
///
/// @param processes where the server runs
/// @param files what it is configured with
/// @param founder who signs the policy
/// @param wallets how many there are to be at least
record PolicedServer(
    ProcessHome processes, ServerFiles files, Founder founder, int wallets, Steps steps) {

  /// A server with its vault and wallets.
  record Started(ServerProcess process, Treasury treasury) {}

  Started start() throws IOException {
    var process = startServer("starting the server");
    var treasury = treasury();
    var policy = PolicyFile.document(treasury.wallets());
    String before = content(files.folder().policyFile());
    if (policy.equals(before)) {
      return new Started(process, treasury);
    }
    if (!before.isEmpty()) {
      change(policy);
      return new Started(process, treasury);
    }
    founder.found(policy, Instant.now());
    ServerFiles.replace(files.folder().policyFile(), policy);
    process.stop();
    return new Started(startServer("starting the server again, with its policy"), treasury);
  }

  private ServerProcess startServer(String doing) throws IOException {
    files.write();
    return steps.during(
        doing,
        () -> {
          var process =
              ServerProcess.start(
                  processes, files.folder(), files.environment().token(), files.grpcPort());
          try (var operator = ServerConnection.open(files.address(SandboxClient.OPERATOR))) {
            process.awaitReady(operator);
          }
          return process;
        });
  }

  private Treasury treasury() {
    return steps.during(
        "making vault and wallets",
        () -> {
          try (var custodian = ServerConnection.open(files.address(SandboxClient.CUSTODIAN))) {
            return Treasury.provide(custodian, wallets);
          }
        });
  }

  /// Another version of this program has another policy for its sandbox.
  private void change(String policy) throws IOException {
    steps.during(
        "changing the policy, with the founder's key",
        () -> {
          try (var desk = ServerConnection.open(files.address(SandboxClient.POLICY_DESK));
              var carrier = ServerConnection.open(files.address(SandboxClient.APPROVER))) {
            return founder.change(desk, carrier, policy);
          }
        });
    ServerFiles.replace(files.folder().policyFile(), policy);
  }

  private static String content(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }
}
