package dev.countersign.cli.sandbox;

import java.nio.file.Path;
import java.util.List;

/// Where things are in a sandbox's home. The environment adds `softhsm/`, `postgres/`, `chain/`,
/// `logs/` and `processes/`.
///
/// @param home absolute
record SandboxFolder(Path home) {
  /// The private authority and all certificates.
  Path certificates() {
    return home.resolve("certificates");
  }

  /// Passwords, the key that signs the log's checkpoints, and the one that permits are sealed with.
  Path secrets() {
    return home.resolve("secrets");
  }

  Path ownerPassword() {
    return secrets().resolve("owner.password");
  }

  Path serverPassword() {
    return secrets().resolve("server.password");
  }

  Path checkpointKey() {
    return secrets().resolve("checkpoint.key");
  }

  Path permitKey() {
    return secrets().resolve("permit.key");
  }

  /// The bearer token of `trading-desk`.
  Path jsonRpcToken() {
    return secrets().resolve("json-rpc.token");
  }

  /// What the server is configured with.
  Path configuration() {
    return home.resolve("config");
  }

  Path serverFile() {
    return configuration().resolve("countersign.yaml");
  }

  Path chainFiles() {
    return configuration().resolve("chains");
  }

  Path policyFile() {
    return configuration().resolve("policy.yaml");
  }

  /// Who signs the first policy, and may change it.
  Path foundersFile() {
    return configuration().resolve("founders.yaml");
  }

  /// What was signed for the first policy.
  Path foundingFile() {
    return configuration().resolve("founding.yaml");
  }

  /// The one founder's key.
  Path founderKey() {
    return secrets().resolve("founder.key");
  }

  /// The newest checkpoint that the server has seen, should the database be set back.
  Path seenCheckpoint() {
    return home.resolve("audit.seen");
  }

  /// For clients in other languages.
  Path protos() {
    return home.resolve("protos");
  }

  /// The exported log.
  Path auditLog() {
    return home.resolve("audit");
  }

  /// What the log is verified with: public.
  Path verifierKey() {
    return home.resolve("audit.vkey");
  }

  /// What is only true together: a database that remembers transactions needs their chain, wallets
  /// need their keys, a log needs its checkpoint key.
  List<Path> state() {
    return List.of(
        home.resolve("softhsm"),
        home.resolve("postgres"),
        home.resolve("chain"),
        secrets(),
        policyFile(),
        foundersFile(),
        foundingFile(),
        verifierKey(),
        seenCheckpoint(),
        auditLog());
  }
}
