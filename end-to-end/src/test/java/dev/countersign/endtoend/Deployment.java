package dev.countersign.endtoend;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.GetActivePolicyRequest;
import dev.countersign.api.v1.ProposePolicyRequest;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.Wallet;
import dev.countersign.cli.certificate.PemFiles;
import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.ToolCache;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.process.LoopbackPort;
import dev.countersign.testenv.process.ProcessHome;
import dev.countersign.testenv.softhsm.SoftHsmInstallation;
import dev.countersign.testenv.softhsm.SoftHsmProvisioner;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;

/// A whole deployment: the server as a process of its own with a token, two database logins,
/// certificates and configuration, all of them its own. It has one vault with one wallet,
/// [#WALLET], which has plenty of ether.
final class Deployment implements AutoCloseable {
  static final String WALLET = "hot-1";
  private static final String VAULT = "treasury";
  private static final BigInteger FUNDING = BigInteger.TEN.pow(18 + 4);

  private final PostgresDatabase database;
  private final List<DevChain> chains;
  private final ChainPace pace;
  private final ProcessHome home;
  private final SoftHsmToken token;
  private final Certificates certificates;
  private final DeploymentFiles files;
  private ServerProcess server;
  private final Wallet wallet;

  private Deployment(
      PostgresDatabase database,
      List<DevChain> chains,
      ChainPace pace,
      ProcessHome home,
      SoftHsmToken token,
      DeploymentFiles files)
      throws IOException {
    this.database = database;
    this.chains = List.copyOf(chains);
    this.pace = pace;
    this.home = home;
    this.token = token;
    this.certificates = files.certificates();
    this.files = files;
    this.server = launch();
    server.awaitReady();
    this.wallet = makeWallet();
    fund(wallet);
  }

  /// Starts it and returns when it is ready. One at a time: logins and roles belong to the whole
  /// database server, which the deployments of a run share.
  ///
  /// @param name of its directory, `target/deployments/NAME-PID`, which stays for its logs
  /// @param policy the document that is active
  static Deployment start(String name, PostgresDatabase database, DevChain chain, String policy)
      throws IOException, SQLException {
    return start(name, database, List.of(chain), ChainPace.FAST, policy);
  }

  /// The same on several chains, of which the first is [#chain].
  static synchronized Deployment start(
      String name, PostgresDatabase database, List<DevChain> chains, ChainPace pace, String policy)
      throws IOException, SQLException {
    var random = new SecureRandom();
    var directory =
        Path.of("target", "deployments", name + "-" + ProcessHandle.current().pid())
            .toAbsolutePath();
    var home = ProcessHome.open(directory, Deployment::say);
    boolean up = false;
    try {
      var token =
          new SoftHsmProvisioner(
                  SoftHsmInstallation.find(ToolCache.ofUser(), Deployment::say), random)
              .provision(directory.resolve("softhsm"), "end-to-end");
      var secrets = directory.resolve("secrets");
      OwnerOnly.directory(secrets);
      var logins =
          DatabaseLogins.provide(
              database,
              directory.resolveSibling("logins-" + ProcessHandle.current().pid()),
              random);
      OwnerOnly.hexKey(secrets.resolve(DeploymentFiles.PERMIT_KEY), random);
      var files =
          new DeploymentFiles(
              directory.resolve("config"),
              secrets,
              new Certificates(directory.resolve("certificates"), random),
              logins,
              database,
              token,
              Founder.make(),
              LoopbackPort.free(),
              LoopbackPort.free(),
              LoopbackPort.free());
      files.write(chains, pace, policy);
      var deployment = new Deployment(database, chains, pace, home, token, files);
      up = true;
      return deployment;
    } finally {
      if (!up) {
        home.close();
      }
    }
  }

  private static void say(String step) {
    System.out.println("[deployment] " + step);
  }

  private ServerProcess launch() {
    return launch("server", files);
  }

  private ServerProcess launch(String name, DeploymentFiles with) {
    return ServerProcess.launch(
        name, home, with.serverFile(), token.environment(), with.httpPort());
  }

  /// Starts another instance beside the first one: the same database, token and clients. It runs
  /// as long as the deployment.
  ///
  /// @return its port of gRPC, when it is ready
  int startAnother() throws IOException {
    var another =
        files.beside(
            home.directory().resolve("config-2"), LoopbackPort.free(), LoopbackPort.free());
    another.write(chains, pace, Files.readString(files.directory().resolve("policy.yaml")));
    launch("server-2", another).awaitReady();
    return another.grpcPort();
  }

  /// A new connection to another instance; the caller closes it.
  Client connect(TestClient client, int grpcPort) throws IOException {
    return Client.connect(grpcPort, certificates.authority(), certificates.client(client.name()));
  }

  private void fund(Wallet funded) {
    chains.forEach(chain -> chain.rpc().setBalance(funded.getAddress(), FUNDING));
  }

  private Wallet makeWallet() throws IOException {
    try (var custodian = connect(TestClient.CUSTODIAN)) {
      custodian
          .wallets()
          .createVault(
              CreateVaultRequest.newBuilder()
                  .setVault(
                      Vault.newBuilder()
                          .setId(VAULT)
                          .setTier(Vault.Tier.TIER_HOT)
                          .setName("Treasury"))
                  .build());
    }
    return makeWallet(WALLET);
  }

  private Wallet makeWallet(String id) throws IOException {
    try (var custodian = connect(TestClient.CUSTODIAN)) {
      return custodian
          .wallets()
          .createWallet(
              CreateWalletRequest.newBuilder()
                  .setId(id)
                  .setVault(VAULT)
                  .setName("Hot wallet")
                  .setBackend(DeploymentFiles.BACKEND)
                  .build())
          .getWallet();
    }
  }

  /// Makes another wallet of the same vault, with as much ether.
  Asking addWallet(String id) throws IOException {
    fund(makeWallet(id));
    return new Asking(id, chainId());
  }

  /// A new connection of a client; the caller closes it.
  Client connect(TestClient client) throws IOException {
    return connect(certificates.client(client.name()));
  }

  /// A new connection with any certificate.
  Client connect(PemFiles certificate) throws IOException {
    return Client.connect(files.grpcPort(), certificates.authority(), certificate);
  }

  /// Makes another policy the active one, as people do: it is proposed, and the founder approves
  /// it. The active one must not say who else may.
  ///
  /// @return its number
  long changePolicy(String document) throws IOException, GeneralSecurityException {
    try (var desk = connect(TestClient.POLICY_DESK);
        var approver = connect(TestClient.APPROVER)) {
      var active = GetActivePolicyRequest.getDefaultInstance();
      var proposal =
          desk.policies()
              .proposePolicy(
                  ProposePolicyRequest.newBuilder()
                      .setDocument(ByteString.copyFromUtf8(document))
                      .setEtag(desk.policies().getActivePolicy(active).getEtag())
                      .build())
              .getProposal();
      files.founder().approve(approver, proposal);
      return desk.policies().getActivePolicy(active).getVersion();
    }
  }

  Founder founder() {
    return files.founder();
  }

  /// The options that a command connects with as a client.
  List<String> options(TestClient client) throws IOException {
    var own = certificates.client(client.name());
    return List.of(
        "--server=" + target(),
        "--ca=" + certificates.authority(),
        "--cert=" + own.certificate(),
        "--key=" + own.key());
  }

  /// Writes another document where the configuration says that the first policy is.
  void replacePolicyFile(String document) throws IOException {
    OwnerOnly.replace(
        files.directory().resolve("policy.yaml"), document.getBytes(StandardCharsets.UTF_8));
  }

  /// Kills the server with SIGKILL.
  void kill() {
    server.kill();
  }

  /// Starts the server again, where the one before was, and returns when it is ready.
  void restart() {
    if (server.isAlive()) {
      server.stop();
    }
    server = launch();
    server.awaitReady();
  }

  Asking asking() {
    return new Asking(WALLET, chainId());
  }

  String chainId() {
    return "eip155:" + chain().chainId();
  }

  Wallet wallet() {
    return wallet;
  }

  DevChain chain() {
    return chains.getFirst();
  }

  PostgresDatabase database() {
    return database;
  }

  SoftHsmToken token() {
    return token;
  }

  /// The address of JSON-RPC for the chain.
  String jsonRpcUrl() {
    return "https://127.0.0.1:%d/v1/%s".formatted(files.jsonRpcPort(), chainId());
  }

  Certificates certificates() {
    return certificates;
  }

  Path directory() {
    return home.directory();
  }

  /// {@return host and port of gRPC}
  String target() {
    return "127.0.0.1:" + files.grpcPort();
  }

  AuditLog auditLog() {
    return new AuditLog(this);
  }

  @Override
  public void close() {
    home.close();
  }
}
