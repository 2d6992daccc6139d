package dev.countersign.testenv;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// How other programs and people connect to a [LocalEnvironment]. Secrets are named by their files.
final class ConnectionDetails {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalEnvironment environment;

  ConnectionDetails(LocalEnvironment environment) {
    this.environment = environment;
  }

  /// The content of `testenv.json`: `home`, `ready`, `softhsm {module, configuration, label, slot,
  /// pinFile}`, `postgres {url, user, passwordFile}`, `chains [{id, name, rpc}]` (CAIP-2 ids),
  /// `pids {postgres, chain}`. Paths are absolute.
  ObjectNode json() {
    var root = JSON.createObjectNode();
    root.put("home", environment.home().toString()).put("ready", true);
    var token = environment.token();
    root.putObject("softhsm")
        .put("module", token.module().toString())
        .put("configuration", token.configuration().toString())
        .put("label", token.label())
        .put("slot", token.slot())
        .put("pinFile", token.pinFile().toString());
    var database = environment.database();
    root.putObject("postgres")
        .put("url", database.jdbcUrl())
        .put("user", database.user())
        .put("passwordFile", database.server().passwordFile().toString());
    var chain = environment.chain();
    root.putArray("chains")
        .addObject()
        .put("id", "eip155:" + chain.chainId())
        .put("name", "Development chain")
        .put("rpc", chain.rpcUrl().toString());
    root.putObject("pids").put("postgres", database.server().pid()).put("chain", chain.pid());
    return root;
  }

  void write(Path file) throws IOException {
    var text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json()) + "\n";
    OwnerOnly.replace(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /// The same as a table for people.
  String table() {
    var token = environment.token();
    var database = environment.database();
    var chain = environment.chain();
    return """
    SoftHSM      module    %s
                 config    SOFTHSM2_CONF=%s
                 token     %s (slot %d)
                 PIN       in %s
    PostgreSQL   url       %s
                 user      %s
                 password  in %s
    Dev chain    rpc       %s
                 chain id  %d
    """
        .formatted(
            token.module(),
            token.configuration(),
            token.label(),
            token.slot(),
            token.pinFile(),
            database.jdbcUrl(),
            database.user(),
            database.server().passwordFile(),
            chain.rpcUrl(),
            chain.chainId());
  }
}
