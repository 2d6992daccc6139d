package dev.countersign.cli.sandbox;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.IssueClientTokenRequest;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.SandboxDescription;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.cli.wallet.Tiers;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// A sandbox whose parts are up.
///
/// @param files what its server is configured with, and where everything is
record RunningSandbox(ServerFiles files, ServerProcess server, Treasury treasury) {
  private static final Duration TOKEN_LIFE = Duration.ofDays(30);

  /// A new connection as this client.
  ServerConnection connect(SandboxClient client) {
    return ServerConnection.open(files.address(client));
  }

  /// Has a bearer token issued for this run, and writes it where its owner alone reads it.
  void provideToken(InstantSource clock) throws IOException {
    try (var operator = connect(SandboxClient.OPERATOR)) {
      var issued =
          operator
              .admin()
              .issueClientToken(
                  IssueClientTokenRequest.newBuilder()
                      .setClient(SandboxClient.TRADING_DESK.id())
                      .setExpireTime(
                          Timestamp.newBuilder()
                              .setSeconds(clock.instant().plus(TOKEN_LIFE).getEpochSecond()))
                      .build());
      ServerFiles.replace(files.folder().jsonRpcToken(), issued.getSecret());
    }
  }

  /// What `sandbox.json` says.
  ///
  /// @param key that the log is verified with
  SandboxDescription describe(VerifierKey key) {
    var folder = files.folder();
    var environment = files.environment();
    var desk = files.address(SandboxClient.TRADING_DESK);
    var database = environment.database();
    return new SandboxDescription(
        folder.home().toString(),
        true,
        new SandboxDescription.Grpc(
            desk.target(),
            desk.authority().toString(),
            desk.certificate().toString(),
            desk.key().toString()),
        folder.protos().toString(),
        new SandboxDescription.Metrics("http://127.0.0.1:" + files.httpPort() + "/prometheus"),
        List.of(
            new SandboxDescription.Chain(
                Treasury.CHAIN, ServerFiles.CHAIN_NAME, environment.chain().rpcUrl().toString())),
        List.of(
            new SandboxDescription.Vault(
                treasury.vault().getId(),
                treasury.vault().getName(),
                Tiers.name(treasury.vault().getTier()))),
        wallets(),
        clients(),
        List.of(new SandboxDescription.Approver(Founder.NAME, folder.founderKey().toString())),
        new SandboxDescription.Audit(
            folder.auditLog().toUri().toString(),
            "http://127.0.0.1:%d/log".formatted(files.httpPort()),
            key.name(),
            key.toString()),
        new SandboxDescription.Postgres(
            database.jdbcUrl(), database.user(), database.server().passwordFile().toString()),
        new SandboxDescription.Pids(
            server.pid(), database.server().pid(), environment.chain().pid()),
        new SandboxDescription.JsonRpc(files.jsonRpcUrl(), folder.jsonRpcToken().toString()));
  }

  private List<SandboxDescription.Wallet> wallets() {
    return treasury.wallets().stream()
        .map(
            wallet ->
                new SandboxDescription.Wallet(
                    wallet.getId(),
                    wallet.getName(),
                    wallet.getVault(),
                    wallet.getAddress(),
                    wallet.getBackend()))
        .toList();
  }

  private List<SandboxDescription.Client> clients() {
    var clients = new ArrayList<SandboxDescription.Client>();
    for (SandboxClient client : SandboxClient.values()) {
      var own = files.certificates().of(client);
      clients.add(
          new SandboxDescription.Client(
              client.id(), own.certificate().toString(), own.key().toString()));
    }
    return clients;
  }

  /// Returns when the sandbox is being stopped.
  ///
  /// @throws CommandException when a part of it ends by itself
  void awaitEnd() throws InterruptedException {
    var environment = files.environment();
    while (server.isAlive()
        && environment.database().server().isRunning()
        && environment.chain().isRunning()) {
      Thread.sleep(500);
    }
    if (environment.processes().isOpen()) {
      var part =
          !server.isAlive()
              ? "the server"
              : environment.chain().isRunning() ? "PostgreSQL" : "the chain node";
      throw CommandException.unavailable(
          part + " ended by itself; see " + files.folder().home().resolve("logs"));
    }
  }
}
