package dev.countersign.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ContractCall;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.Vault;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Secrets, and what people are called, are neither in the audit log nor in the server's log.
@WithTestEnvironment
@Timeout(120)
class CanaryIT {
  private static final String PAYEE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
  private static final String NAME = "canary-name-5d1f";
  private static final String DATA = "canary-data-9b3e";

  @Test
  void nothingSecretOrPersonalIsWrittenDown(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain)
      throws Exception {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("dev.countersign");
    Level before = ours.getLevel();
    ours.setLevel(Level.DEBUG);
    logged.start();
    root.addAppender(logged);
    ServerHome home = new ServerHome(directory, database, token, chain);
    try (RunningServer server = home.start()) {
      useEverything(home, server);
    } finally {
      root.detachAppender(logged);
      ours.setLevel(before);
    }

    List<byte[]> entries =
        Jdbi.create(database.dataSource())
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT body FROM audit.entry ORDER BY id")
                        .mapTo(byte[].class)
                        .list());
    assertThat(entries.stream().map(body -> EntryDecoder.decode(body).type()))
        .contains(
            "server-started",
            "server-stopped",
            "policy-activated",
            "vault-created",
            "key-created",
            "wallet-created",
            "request-admitted",
            "transaction-signed",
            "request-denied",
            "request-refused");
    String log = entries.stream().map(CanaryIT::text).collect(Collectors.joining("\n"));
    String lines =
        List.copyOf(logged.list).stream()
            .map(event -> event.getFormattedMessage() + " " + event.getMDCPropertyMap())
            .collect(Collectors.joining("\n"));
    assertThat(lines).as("the server's log was listened to").contains("takes calls");
    canaries(directory, token)
        .forEach(
            (what, canary) -> {
              assertThat(canary).as(what).hasSizeGreaterThan(3);
              assertThat(log.contains(canary)).as(what + " in the audit log").isFalse();
              assertThat(lines.contains(canary)).as(what + " in the server's log").isFalse();
            });
  }

  private static void useEverything(ServerHome home, RunningServer server) {
    try (Calls custody = calls(home, server, "custody");
        Calls desk = calls(home, server, "desk")) {
      custody
          .wallets()
          .createVault(
              CreateVaultRequest.newBuilder()
                  .setVault(
                      Vault.newBuilder().setId("main").setTier(Vault.Tier.TIER_HOT).setName(NAME))
                  .build());
      var wallet =
          custody
              .wallets()
              .createWallet(
                  CreateWalletRequest.newBuilder()
                      .setId("canary-it")
                      .setVault("main")
                      .setName(NAME)
                      .build())
              .getWallet();
      home.chain().rpc().setBalance(wallet.getAddress(), BigInteger.TEN.pow(20));
      var request =
          SignTransactionRequest.newBuilder()
              .setWallet(wallet.getId())
              .setChain("eip155:" + home.chain().chainId());
      assertThat(
              desk.signing()
                  .signTransaction(
                      request
                          .setRequestId("paid")
                          .setNativeTransfer(
                              NativeTransfer.newBuilder().setTo(PAYEE).setAmount("5"))
                          .build())
                  .getRequest()
                  .getState())
          .isEqualTo(SigningRequest.State.STATE_SIGNED);
      assertThat(
              desk.signing()
                  .signTransaction(
                      request
                          .setRequestId("called")
                          .setContractCall(
                              ContractCall.newBuilder()
                                  .setTo(PAYEE)
                                  .setData(ByteString.copyFromUtf8(DATA.repeat(100))))
                          .build())
                  .getRequest()
                  .getState())
          .isEqualTo(SigningRequest.State.STATE_DENIED);
      assertThatThrownBy(
              () ->
                  desk.signing()
                      .signTransaction(request.setRequestId("no").setWallet("nobody").build()))
          .isInstanceOf(RuntimeException.class);
      assertThatThrownBy(() -> desk.wallets().createVault(CreateVaultRequest.getDefaultInstance()))
          .isInstanceOf(RuntimeException.class);
    }
  }

  /// What must not be found, by what it is.
  private static Map<String, String> canaries(Path directory, SoftHsmToken token)
      throws IOException {
    Map<String, String> canaries = new LinkedHashMap<>();
    canaries.put("the name of a vault and a wallet", NAME);
    canaries.put("long call data", DATA);
    canaries.put(
        "long call data, in hex", HexFormat.of().formatHex(DATA.getBytes(StandardCharsets.UTF_8)));
    canaries.put("the token's PIN", Files.readString(token.pinFile()).strip());
    canaries.put("the server's database password", ServerHome.SERVER_PASSWORD);
    canaries.put("the owner's database password", ServerHome.OWNER_PASSWORD);
    for (String key : List.of("server.key", "checkpoint.key", "permit.key")) {
      canaries.put(key, longestLine(directory.resolve(key)));
    }
    return canaries;
  }

  private static String longestLine(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.startsWith("-----"))
        .max(Comparator.comparingInt(String::length))
        .orElseThrow();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Calls calls(ServerHome home, RunningServer server, String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }
}
