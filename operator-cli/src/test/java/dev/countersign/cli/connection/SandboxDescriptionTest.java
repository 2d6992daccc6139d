package dev.countersign.cli.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other programs read this file: a key once written is never renamed.
class SandboxDescriptionTest {
  private static final SandboxDescription UP =
      new SandboxDescription(
          "/h",
          true,
          new SandboxDescription.Grpc("127.0.0.1:9", "/h/ca.pem", "/h/t.pem", "/h/t.key"),
          "/h/protos",
          new SandboxDescription.Metrics("http://127.0.0.1:8/prometheus"),
          List.of(new SandboxDescription.Chain("eip155:31337", "dev", "http://127.0.0.1:7")),
          List.of(new SandboxDescription.Vault("treasury", "Treasury", "hot")),
          List.of(new SandboxDescription.Wallet("hot-1", "Hot 1", "treasury", "0xA", "softhsm")),
          List.of(new SandboxDescription.Client("trading-desk", "/h/t.pem", "/h/t.key")),
          List.of(new SandboxDescription.Approver("founder", "/h/f.key")),
          new SandboxDescription.Audit(
              "file:/h/audit/", "http://127.0.0.1:8/log", "sandbox.countersign.dev/log", "n+h+k"),
          new SandboxDescription.Postgres("jdbc:postgresql://127.0.0.1:6/c", "postgres", "/h/p"),
          new SandboxDescription.Pids(1, 2, 3),
          new SandboxDescription.JsonRpc("https://127.0.0.1:5/v1/eip155:31337", "/h/token"));

  @TempDir private Path home;

  @Test
  void keysAreThoseThatOthersRead() {
    assertThat(UP.json())
        .isEqualToIgnoringWhitespace(
            """
            {
              "home": "/h",
              "ready": true,
              "grpc": {"target": "127.0.0.1:9", "ca": "/h/ca.pem", "cert": "/h/t.pem", "key": "/h/t.key"},
              "protos": "/h/protos",
              "metrics": {"url": "http://127.0.0.1:8/prometheus"},
              "chains": [{"id": "eip155:31337", "name": "dev", "rpc": "http://127.0.0.1:7"}],
              "vaults": [{"id": "treasury", "name": "Treasury", "tier": "hot"}],
              "wallets": [{"id": "hot-1", "name": "Hot 1", "vault": "treasury", "address": "0xA", "backend": "softhsm"}],
              "clients": [{"name": "trading-desk", "cert": "/h/t.pem", "key": "/h/t.key"}],
              "approvers": [{"name": "founder", "signKey": "/h/f.key"}],
              "audit": {"url": "file:/h/audit/", "published": "http://127.0.0.1:8/log", "origin": "sandbox.countersign.dev/log", "verifierKey": "n+h+k"},
              "postgres": {"url": "jdbc:postgresql://127.0.0.1:6/c", "user": "postgres", "passwordFile": "/h/p"},
              "pids": {"server": 1, "postgres": 2, "chain": 3},
              "jsonRpc": {"url": "https://127.0.0.1:5/v1/eip155:31337", "token": "/h/token"}
            }
            """);
  }

  @Test
  void beforeItIsUpOnlyTheHomeIsThere() {
    assertThat(SandboxDescription.notReady(Path.of("/h")).json())
        .isEqualToIgnoringWhitespace("{\"home\": \"/h\", \"ready\": false}");
  }

  @Test
  void onceStoppedNobodyLooksForItsProcesses() {
    assertThat(UP.stopped().ready()).isFalse();
    assertThat(UP.stopped().pids()).isNull();
    assertThat(UP.stopped().wallets()).isEqualTo(UP.wallets());
  }

  @Test
  void whatWasWrittenIsReadAgain() throws Exception {
    UP.write(home);
    assertThat(SandboxDescription.read(home)).isEqualTo(UP);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.resolve("sandbox.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void keysOfLaterVersionsAreNoTrouble() throws Exception {
    Files.writeString(
        home.resolve("sandbox.json"), "{\"home\": \"/h\", \"ready\": false, \"console\": {}}");
    assertThat(SandboxDescription.read(home)).isEqualTo(SandboxDescription.notReady(Path.of("/h")));
  }
}
