package dev.countersign.architecture;

import java.util.List;
import java.util.stream.Stream;

/// One row of the module table: what a module is called, where its code lives, and what else of
/// ours it may see.
///
/// @param directory the module's directory and Maven artifact id
/// @param home the root package that only this module fills
/// @param sees packages of other modules that its classes may depend on, as ArchUnit patterns
record Module(String directory, String home, List<String> sees) {

  /// The table. A new module is a new row; a new arrow wants a reason in its commit.
  static final List<Module> TABLE =
      List.of(
          module("signer-core", "core"),
          module("database", "database", "core.."),
          module("policy-engine", "policy", "core..", "database.."),
          module("nonce-manager", "nonce", "core..", "database.."),
          module("hot-cold-vault", "vault", "core..", "database.."),
          module("hsm-adapters", "hsm", "core.."),
          module("audit-log", "audit", "core..", "database.."),
          module("mpc-engine", "mpc"),
          module("mpc-cosigner", "cosigner", "core..", "database..", "mpc.."),
          module("softhsm-testenv", "testenv"),
          module("signing-api", "api"),
          module(
              "signer-server",
              "server",
              "core..",
              "database..",
              "policy..",
              "nonce..",
              "vault..",
              "hsm..",
              "audit..",
              "api.."),
          module(
              "operator-cli",
              "cli",
              "core.model..",
              "core.action..",
              "core.approval..",
              "core.decision..",
              "core.evm..",
              "core.freeze..",
              "core.intent..",
              "core.price..",
              "core.request..",
              "api..",
              "audit.entry..",
              "audit.merkle..",
              "audit.checkpoint..",
              "audit.inspection..",
              "audit.report..",
              "audit.retention..",
              "audit.tiles..",
              "audit.verify..",
              "audit.witness..",
              "nonce.chain..",
              "nonce.check..",
              "nonce.node..",
              "policy.diff..",
              "policy.document..",
              "policy.succession..",
              "policy.testing..",
              "policy.yaml..",
              "testenv.."));

  private static final String ROOT = "dev.countersign.";

  private static Module module(String directory, String home, String... sees) {
    return new Module(directory, ROOT + home, Stream.of(sees).map(ROOT::concat).toList());
  }

  /// Every package its classes may depend on: its own and those it sees.
  String[] allowedPackages() {
    return Stream.concat(Stream.of(home + ".."), sees.stream()).toArray(String[]::new);
  }

  /// Whether any class of the other module may be used, so that a Maven dependency makes sense.
  boolean sees(Module other) {
    return sees.stream().anyMatch(seen -> (seen + ".").startsWith(other.home + "."));
  }

  @Override
  public String toString() {
    return directory;
  }
}
