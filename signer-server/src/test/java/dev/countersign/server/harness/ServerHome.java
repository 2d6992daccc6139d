package dev.countersign.server.harness;

import dev.countersign.api.v1.Wallet;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.secret.SecretChars;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.TestAuthority.Identity;
import dev.countersign.server.settings.SecretFile;
import dev.countersign.server.settings.SettingsFile;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/// A directory with everything a server is started from: configuration, certificates, secrets,
/// chain, policy. Files can be changed between starts.
public final class ServerHome {
  /// Who may send what in tests.
  public static final String POLICY =
      """
      format: countersign/policy/v1
      description: tests

      rules:
        - name: pay
          effect: ALLOW
          description: the desk moves up to one ether
          initiators: [desk]
          roles: [TRADER]
          credentials: [mutual-tls]
          sources: ["127.0.0.0/8", "::1"]
          wallets: any
          chains: any
          operations: [native-transfer]
          assets: [native]
          destinations: any
          maximum: 1 ether
          maximumGasCost: 0.1 ether
      """;

  public static final String ORIGIN = "test.example/log";
  public static final String CHECKPOINT_KEY = "checkpoint.key";

  public static final String SERVER_PASSWORD = "servers-password-2c81";
  public static final String OWNER_PASSWORD = "owners-password-7ae4";

  private final Path directory;
  private final PostgresDatabase database;
  private final SoftHsmToken token;
  private final DevChain chain;
  private final TestAuthority authority = new TestAuthority("test authority");
  private final Map<String, Identity> clients = new LinkedHashMap<>();
  private final Map<String, String> roles = new LinkedHashMap<>();
  private final TestFounder founder = new TestFounder();
  private String audit = "";
  private String jsonRpc = "";

  public ServerHome(Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.directory = directory;
    this.database = database;
    this.token = token;
    this.chain = chain;
    audit();
    client("desk", "TRADER");
    client("rival", "TRADER");
    client("custody", "CUSTODIAN");
    client("ops", "OPERATOR");
    client("auditor", "AUDITOR");
    client("policy-desk", "PROPOSER");
    client("approver", "APPROVER");
    createLogins();
    write("server", authority.issue("server"));
    file("clients-ca.pem", authority.pem());
    secret("server.password", SERVER_PASSWORD);
    secret("owner.password", OWNER_PASSWORD);
    secret("permit.key", HexFormat.of().formatHex(new SecureRandom().generateSeed(32)) + "\n");
    file("policy.yaml", POLICY);
    file("founders.yaml", founder.foundersFile());
    try {
      Files.createDirectories(directory.resolve("chains"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file(
        "chains/dev.yaml",
        """
        id: eip155:%d
        name: Development chain
        nativeSymbol: ETH
        feeModel: eip1559
        endpoints: ["%s"]
        confirmations: 1
        inFlight: 10000
        pollInterval: 50ms
        """
            .formatted(chain.chainId(), chain.rpcUrl()));
  }

  public TestAuthority authority() {
    return authority;
  }

  public Identity identity(String client) {
    Identity identity = clients.get(client);
    if (identity == null) {
      throw new IllegalArgumentException("no client " + client);
    }
    return identity;
  }

  public DevChain chain() {
    return chain;
  }

  public PostgresDatabase database() {
    return database;
  }

  /// Somebody who logs in to the database as the server does.
  public Intruder intruder(Wallet wallet) {
    return new Intruder(
        Jdbi.create(database.dataSource(login("server"), SERVER_PASSWORD)),
        wallet,
        "eip155:" + chain.chainId());
  }

  /// With the key that the server has.
  public PermitMint mint() {
    try (SecretChars digits = new SecretFile(directory.resolve("permit.key")).read()) {
      return new PermitMint(digits.use(SealKey::ofHex));
    }
  }

  public Path configuration() {
    return directory.resolve("countersign.yaml");
  }

  /// Who founds the policy, and approves others: the policies of tests do not say who may.
  public TestFounder founder() {
    return founder;
  }

  private String content(String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void file(String name, String content) {
    try {
      Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes another policy the active one, as people do: it is proposed, and the founder approves
  /// it. Policies of tests do not say who else may.
  ///
  /// @param grpcPort of a server that runs
  /// @return its number
  public long changePolicy(int grpcPort, String document) {
    try (Calls desk = new Calls(grpcPort, authority.pem(), identity("policy-desk"));
        Calls approver = new Calls(grpcPort, authority.pem(), identity("approver"))) {
      return PolicyChange.of(desk, approver, founder, document);
    }
  }

  /// Starts a server on free ports.
  public RunningServer start() throws InterruptedException {
    file("countersign.yaml", yaml());
    file("founding.yaml", founder.founding(content("policy.yaml")));
    return RunningServer.start(SettingsFile.read(configuration()));
  }

  /// The log of the next starts.
  ///
  /// @param more keys of `audit`, such as `publish: true`
  public void log(String origin, String keyFile, String... more) {
    audit =
        Stream.concat(Stream.of("origin: " + origin, "keyFile: " + keyFile), Arrays.stream(more))
            .collect(Collectors.joining(", "));
  }

  /// JSON-RPC of the next starts.
  ///
  /// @param keys of `jsonRpc`, such as `{port: 0}`
  public void jsonRpc(String keys) {
    jsonRpc = "jsonRpc: " + keys;
  }

  /// [#log] with other keys of `audit` than those of the first start.
  public void audit(String... more) {
    log(ORIGIN, CHECKPOINT_KEY, more);
  }

  /// What [#start] reads.
  public String yaml() {
    return """
    instance: it
    grpc: {port: 0, certificate: server.pem, key: server.key, clientAuthority: clients-ca.pem}
    http: {port: 0}
    database:
      url: "%s"
      user: %s
      passwordFile: server.password
      owner: {user: %s, passwordFile: owner.password}
      connections: 8
      patience: 20s
    clients:
    %s
    chains: chains
    keyBackends:
      - {name: softhsm, library: "%s", tokenLabel: "%s", pinFile: "%s"}
    permits: {keyFile: permit.key}
    policy: {founders: founders.yaml, document: policy.yaml, founding: founding.yaml}
    audit: {%s, strict: [transaction-signed]}
    stopPatience: 2s
    %s
    """
        .formatted(
            database.jdbcUrl(),
            login("server"),
            login("owner"),
            clients.entrySet().stream()
                .map(
                    client ->
                        "  - {name: %s, certificates: [\"%s\"], roles: [%s]}"
                            .formatted(
                                client.getKey(),
                                client.getValue().fingerprint().sha256(),
                                roles.get(client.getKey())))
                .collect(Collectors.joining("\n")),
            token.module(),
            token.label(),
            token.pinFile(),
            audit,
            jsonRpc);
  }

  private void client(String name, String role) {
    clients.put(name, authority.issue(name));
    roles.put(name, role);
  }

  private void write(String name, Identity identity) {
    identity.write(directory, name);
  }

  private String login(String kind) {
    return database.name() + "_" + kind;
  }

  /// As an administrator would: an owner who may make schemas and roles, a server that owns
  /// nothing.
  private void createLogins() {
    Jdbi.create(database.dataSource())
        .useHandle(
            handle -> {
              handle.execute(
                  "CREATE ROLE \"%s\" LOGIN PASSWORD '%s'"
                      .formatted(login("server"), SERVER_PASSWORD));
              handle.execute(
                  "CREATE ROLE \"%s\" LOGIN PASSWORD '%s' CREATEROLE"
                      .formatted(login("owner"), OWNER_PASSWORD));
              // The roles of the modules belong to the cluster: another test may have made them.
              handle.execute(
                  """
                  DO $$ DECLARE module text; BEGIN
                    FOR module IN SELECT rolname FROM pg_roles
                      WHERE rolname ~ '^countersign_(audit|nonce|policy|signer|vault)$' LOOP
                      EXECUTE format('GRANT %%I TO %%I WITH ADMIN OPTION', module, '%s');
                    END LOOP;
                  END $$
                  """
                      .formatted(login("owner")));
              handle.execute(
                  "GRANT CREATE ON DATABASE \"%s\" TO \"%s\""
                      .formatted(database.name(), login("owner")));
            });
  }

  private void secret(String name, String content) {
    Path file = directory.resolve(name);
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
