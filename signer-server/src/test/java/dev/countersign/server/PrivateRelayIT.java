package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.EntryFilter;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.api.v1.Wallet;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From a policy that asks for a private relay to what its client sees, with everything real but
/// the relay, which is a thin one in front of anvil.
@WithTestEnvironment
@Timeout(120)
class PrivateRelayIT {
  private static final Pattern PRIVATE =
      Pattern.compile(
          "\"id\":(\\d+).*\"tx\":\"(0x[0-9a-f]+)\"|\"tx\":\"(0x[0-9a-f]+)\".*\"id\":(\\d+)");

  private final ServerHome home;
  private final String chainId;
  private final List<String> relayed = new CopyOnWriteArrayList<>();

  PrivateRelayIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.home = new ServerHome(directory, database, token, chain);
    this.chainId = "eip155:" + chain.chainId();
  }

  @Test
  void isRefusedWithoutARelayAndGoesByItOnceThereIsOne() throws Exception {
    home.file(
        "policy.yaml",
        """
        format: countersign/policy/v1
        rules:
          - {name: hidden, effect: ALLOW, initiators: [desk], wallets: any, chains: any,
             operations: [native-transfer], assets: [native], destinations: any,
             maximum: 1 ether, maximumGasCost: 1 ether, privateRelay: public after 5000 blocks}
        """);
    try (RunningServer server = home.start();
        Calls desk = calls(server, "desk");
        Calls custody = calls(server, "custody")) {
      Wallet wallet = wallet(custody);
      home.chain().rpc().setBalance(wallet.getAddress(), BigInteger.TEN.pow(18));
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> transfer(desk))
          .withMessageContaining("policy (hidden) lets it go by a private relay alone")
          .extracting(error -> error.getStatus().getCode())
          .isEqualTo(Status.Code.FAILED_PRECONDITION);
    }
    HttpServer relay = relay();
    try {
      home.file(
          "chains/dev.yaml",
          """
          id: %s
          name: Development chain
          nativeSymbol: ETH
          feeModel: eip1559
          endpoints: ["%s"]
          privateRelay: {endpoints: ["http://127.0.0.1:%d"]}
          confirmations: 1
          pollInterval: 50ms
          """
              .formatted(chainId, home.chain().rpcUrl(), relay.getAddress().getPort()));
      try (RunningServer server = home.start();
          Calls desk = calls(server, "desk");
          Calls auditor = calls(server, "auditor")) {
        // The same id: a refusal has not used it up.
        assertThat(transfer(desk).getState()).isEqualTo(State.STATE_SIGNED);
        SigningRequest mined =
            desk.signing()
                .waitSigningRequest(
                    WaitSigningRequestRequest.newBuilder().setRequestId("hidden").build())
                .getRequest();
        assertThat(mined.getState()).isEqualTo(State.STATE_CONFIRMED);
        assertThat(relayed).contains("0x" + hex(mined));
        assertThat(mined.getPrivateRelay().getPublicAfterBlocks()).isEqualTo(5000);
        assertThat(mined.getPrivateRelay().hasSinceBlock()).isTrue();
        assertThat(mined.getPrivateRelay().hasPublicAtBlock()).isFalse();
        assertThat(
                auditor
                    .audit()
                    .searchEntries(
                        SearchEntriesRequest.newBuilder()
                            .setFilter(
                                EntryFilter.newBuilder().setType("transaction-routed-privately"))
                            .build())
                    .getEntriesCount())
            .isOne();
      }
    } finally {
      relay.stop(0);
    }
  }

  private static String hex(SigningRequest request) {
    return java.util.HexFormat.of().formatHex(request.getRawTransaction().toByteArray());
  }

  /// Gives the chain what it is sent.
  private HttpServer relay() throws IOException {
    HttpServer relay =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    relay.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String asked =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher call = PRIVATE.matcher(asked);
            if (!asked.contains("\"eth_sendPrivateTransaction\"") || !call.find()) {
              throw new IOException("a relay is asked for nothing else: " + asked);
            }
            boolean idFirst = call.group(1) != null;
            String transaction = idFirst ? call.group(2) : call.group(3);
            relayed.add(transaction);
            String hash = home.chain().rpc().call("eth_sendRawTransaction", transaction).asText();
            byte[] answer =
                "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":\"%s\"}"
                    .formatted(idFirst ? call.group(1) : call.group(4), hash)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    relay.start();
    return relay;
  }

  private Calls calls(RunningServer server, String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }

  private static Wallet wallet(Calls custody) {
    custody
        .wallets()
        .createVault(
            CreateVaultRequest.newBuilder()
                .setVault(
                    Vault.newBuilder().setId("main").setTier(Vault.Tier.TIER_HOT).setName("Main"))
                .build());
    return custody
        .wallets()
        .createWallet(
            CreateWalletRequest.newBuilder().setId("hidden").setVault("main").setName("H").build())
        .getWallet();
  }

  private SigningRequest transfer(Calls desk) {
    return desk.signing()
        .signTransaction(
            SignTransactionRequest.newBuilder()
                .setRequestId("hidden")
                .setWallet("hidden")
                .setChain(chainId)
                .setNativeTransfer(
                    NativeTransfer.newBuilder()
                        .setTo("0x52908400098527886E0F7030069857D2E4169EE7")
                        .setAmount("1"))
                .build())
        .getRequest();
  }
}
