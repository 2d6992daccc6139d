package dev.countersign.cli.sandbox;

import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ServerAddress;
import dev.countersign.testenv.LocalEnvironment;
import dev.countersign.testenv.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes what the server of a sandbox is configured with (docs/CONFIGURATION.md).
///
/// @param grpcPort where it listens for clients
/// @param httpPort where it shows health and metrics
/// @param jsonRpcPort where tools for Ethereum connect
record ServerFiles(
    SandboxFolder folder,
    LocalEnvironment environment,
    Certificates certificates,
    int grpcPort,
    int httpPort,
    int jsonRpcPort) {

  static final String ORIGIN = "countersign.example/sandbox";
  static final String BACKEND = "softhsm";
  static final String CHAIN_NAME = "Sandbox chain";

  /// Writes all but the policy, which is named when it is there.
  void write() throws IOException {
    OwnerOnly.directory(folder.chainFiles());
    replace(folder.chainFiles().resolve("sandbox.yaml"), chain());
    replace(folder.serverFile(), server());
  }

  /// {@return how a client reaches the server}
  ServerAddress address(SandboxClient client) {
    var own = certificates.of(client);
    return new ServerAddress(
        "127.0.0.1:" + grpcPort, certificates.authority(), own.certificate(), own.key());
  }

  /// Where tools for Ethereum connect.
  String jsonRpcUrl() {
    return "https://127.0.0.1:%d/v1/%s".formatted(jsonRpcPort, Treasury.CHAIN);
  }

  static void replace(Path file, String content) throws IOException {
    OwnerOnly.replace(file, content.getBytes(StandardCharsets.UTF_8));
  }

  // The chain makes a block for each transaction and never takes one back, so one is final. Its
  // node
  // keeps whatever it is sent.
  private String chain() {
    return """
    id: %s
    name: %s
    nativeSymbol: ETH
    feeModel: eip1559
    endpoints: [%s]
    confirmations: 1
    inFlight: 10000
    pollInterval: 100ms
    """
        .formatted(Treasury.CHAIN, CHAIN_NAME, Yaml.text(environment.chain().rpcUrl()));
  }

  private String server() throws IOException {
    var token = environment.token();
    var text =
        new StringBuilder(
            """
            instance: sandbox
            grpc:
              host: 127.0.0.1
              port: %d
              certificate: %s
              key: %s
              clientAuthority: %s
            http:
              host: 127.0.0.1
              port: %d
            jsonRpc:
              host: 127.0.0.1
              port: %d
            database:
              url: %s
              user: %s
              passwordFile: %s
              owner:
                user: %s
                passwordFile: %s
            chains: %s
            keyBackends:
              - name: %s
                library: %s
                tokenLabel: %s
                pinFile: %s
            permits:
              keyFile: %s
            audit:
              origin: %s
              keyFile: %s
              seenFile: %s
              publish: true
            """
                .formatted(
                    grpcPort,
                    Yaml.text(certificates.server().certificate()),
                    Yaml.text(certificates.server().key()),
                    Yaml.text(certificates.authority()),
                    httpPort,
                    jsonRpcPort,
                    Yaml.text(environment.database().jdbcUrl()),
                    DatabaseLogins.SERVER,
                    Yaml.text(folder.serverPassword()),
                    DatabaseLogins.OWNER,
                    Yaml.text(folder.ownerPassword()),
                    Yaml.text(folder.chainFiles()),
                    BACKEND,
                    Yaml.text(token.module()),
                    Yaml.text(token.label()),
                    Yaml.text(token.pinFile()),
                    Yaml.text(folder.permitKey()),
                    ORIGIN,
                    Yaml.text(folder.checkpointKey()),
                    Yaml.text(folder.seenCheckpoint())));
    text.append("policy:\n  founders: ").append(Yaml.text(folder.foundersFile())).append('\n');
    if (Files.exists(folder.policyFile())) {
      text.append("  document: ").append(Yaml.text(folder.policyFile())).append('\n');
      text.append("  founding: ").append(Yaml.text(folder.foundingFile())).append('\n');
    }
    text.append("clients:\n");
    clients().forEach(text::append);
    return text.toString();
  }

  private List<String> clients() throws IOException {
    var lines = new ArrayList<String>();
    for (SandboxClient client : SandboxClient.values()) {
      lines.add(
          "  - {name: %s, roles: [%s], certificates: [%s]}\n"
              .formatted(
                  client.id(), client.role(), Yaml.text(certificates.of(client).fingerprint())));
    }
    return lines;
  }

  static CommandException cannotWrite(Path home, IOException cause) {
    return CommandException.unavailable(
        "cannot write the sandbox's files in " + home + ": " + cause.getMessage(), cause);
  }
}
