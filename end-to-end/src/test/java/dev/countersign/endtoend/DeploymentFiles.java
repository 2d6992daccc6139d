package dev.countersign.endtoend;

import dev.countersign.testenv.OwnerOnly;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.process.LoopbackPort;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/// What the server of a deployment is configured with (docs/CONFIGURATION.md).
///
/// @param directory where the files are written
/// @param founder who signs its first policy
/// @param secrets where its passwords, its checkpoint key and its permit key are
record DeploymentFiles(
    Path directory,
    Path secrets,
    Certificates certificates,
    DatabaseLogins logins,
    PostgresDatabase database,
    SoftHsmToken token,
    Founder founder,
    int grpcPort,
    int httpPort,
    int jsonRpcPort) {

  static final String BACKEND = "softhsm";
  static final String PERMIT_KEY = "permit.key";
  static final String ORIGIN = "countersign.example/end-to-end";

  /// Those of another instance of the same deployment.
  DeploymentFiles beside(Path its, int grpc, int http) {
    return new DeploymentFiles(
        its,
        secrets,
        certificates,
        logins,
        database,
        token,
        founder,
        grpc,
        http,
        LoopbackPort.free());
  }

  Path serverFile() {
    return directory.resolve("countersign.yaml");
  }

  /// Writes all of them.
  ///
  /// @param policy the first one
  void write(List<DevChain> chains, ChainPace pace, String policy) throws IOException {
    OwnerOnly.directory(directory.resolve("chains"));
    replace(directory.resolve("policy.yaml"), policy);
    replace(directory.resolve("founders.yaml"), founder.foundersFile());
    try {
      replace(directory.resolve("founding.yaml"), founder.founding(policy));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 is part of every JDK", e);
    }
    for (DevChain chain : chains) {
      replace(
          directory.resolve("chains").resolve("test-%d.yaml".formatted(chain.chainId())),
          """
          id: eip155:%d
          name: Test chain
          nativeSymbol: ETH
          feeModel: eip1559
          endpoints: ["%s"]
          confirmations: %d
          inFlight: 10000
          pollInterval: 100ms
          balanceInterval: %s
          """
              .formatted(
                  chain.chainId(), chain.rpcUrl(), pace.confirmations(), pace.balanceInterval()));
    }
    var server = new StringBuilder(server());
    for (TestClient client : TestClient.all()) {
      server.append(
          "  - {name: %s, roles: [%s], certificates: [\"%s\"]}%n"
              .formatted(
                  client.name(),
                  client.role(),
                  Certificates.fingerprint(certificates.client(client.name()))));
    }
    replace(serverFile(), server.toString());
  }

  private String server() throws IOException {
    return """
    instance: end-to-end
    grpc:
      port: %d
      certificate: "%s"
      key: "%s"
      clientAuthority: "%s"
    http:
      port: %d
    jsonRpc: {port: %d}
    database:
      url: "%s"
      user: %s
      passwordFile: "%s"
      owner:
        user: %s
        passwordFile: "%s"
    chains: chains
    keyBackends:
      - name: %s
        library: "%s"
        tokenLabel: %s
        pinFile: "%s"
    permits:
      keyFile: "%s"
    policy: {founders: founders.yaml, document: policy.yaml, founding: founding.yaml}
    audit:
      origin: %s
      key: {backend: %s, name: checkpoint}
    stopPatience: 2s
    clients:
    """
        .formatted(
            grpcPort,
            certificates.server().certificate(),
            certificates.server().key(),
            certificates.authority(),
            httpPort,
            jsonRpcPort,
            database.jdbcUrl(),
            DatabaseLogins.SERVER,
            logins.serverPassword(),
            DatabaseLogins.OWNER,
            logins.ownerPassword(),
            BACKEND,
            token.module(),
            token.label(),
            token.pinFile(),
            secrets.resolve(PERMIT_KEY),
            ORIGIN,
            BACKEND);
  }

  private static void replace(Path file, String content) throws IOException {
    OwnerOnly.replace(file, content.getBytes(StandardCharsets.UTF_8));
  }
}
