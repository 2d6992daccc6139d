package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.IssueClientTokenRequest;
import dev.countersign.api.v1.IssueClientTokenResponse;
import dev.countersign.api.v1.RevokeClientTokenRequest;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.Wallet;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.server.harness.TestAuthority;
import dev.countersign.server.harness.TestAuthority.Identity;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.ClientTransactionManager;
import org.web3j.tx.Transfer;
import org.web3j.utils.Convert;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Ethereum's JSON-RPC over TLS, with everything real.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class JsonRpcIT {
  private static final String PAYEE = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final JsonMapper JSON = new JsonMapper();

  private final ServerHome home;
  private RunningServer server;
  private Wallet wallet;
  private HttpClient http;
  private IssueClientTokenResponse token;

  JsonRpcIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    home = new ServerHome(directory, database, token, chain);
  }

  @BeforeAll
  void start() throws InterruptedException {
    home.jsonRpc("{port: 0}");
    home.file(
        "policy.yaml",
        """
        format: countersign/policy/v1
        description: json-rpc
        approvers:
          founder: {keys: ["%s"]}
        groups:
          board: [founder]
        rules:
          - name: pay
            effect: ALLOW
            description: the desk moves up to one ether
            initiators: [desk]
            credentials: [bearer-token]
            wallets: any
            chains: any
            operations: [native-transfer]
            assets: [native]
            destinations: any
            maximum: 1 ether
            maximumGasCost: 0.1 ether
          - name: large
            effect: REQUIRE
            operations: [native-transfer]
            assets: [native]
            above: 0.5 ether
            approvals: {group: board, count: 1}
            lifetime: PT1H
          - name: logins
            effect: ALLOW
            description: the desk logs in
            initiators: [desk]
            wallets: any
            chains: any
            operations: [personal-message]
            assets: any
            destinations: any
            maximumGasCost: any
        """
            .formatted(home.founder().key().text()));
    server = home.start();
    try (Calls custody = calls("custody")) {
      custody
          .wallets()
          .createVault(
              CreateVaultRequest.newBuilder()
                  .setVault(
                      Vault.newBuilder().setId("main").setTier(Vault.Tier.TIER_HOT).setName("Main"))
                  .build());
      wallet =
          custody
              .wallets()
              .createWallet(
                  CreateWalletRequest.newBuilder()
                      .setId("json-rpc")
                      .setVault("main")
                      .setName("Hot")
                      .build())
              .getWallet();
    }
    home.chain().rpc().setBalance(wallet.getAddress(), BigInteger.TEN.pow(19));
    token = issue("desk");
    http = client(Optional.empty());
  }

  @AfterAll
  void stop() {
    http.close();
    server.close();
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }

  private IssueClientTokenResponse issue(String client) {
    try (Calls ops = calls("ops")) {
      return ops.admin()
          .issueClientToken(
              IssueClientTokenRequest.newBuilder()
                  .setClient(client)
                  .setExpireTime(
                      Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 3_600))
                  .build());
    }
  }

  private HttpRequest.Builder post(String body) {
    return HttpRequest.newBuilder(
            URI.create(server.jsonRpcUrl().orElseThrow() + home.chain().chainId()))
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + token.getSecret())
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpClient client(Optional<Identity> shown) {
    return HttpClient.newBuilder().sslContext(home.authority().clientContext(shown)).build();
  }

  /// Without a token.
  private HttpRequest bare(String method, String params) {
    return HttpRequest.newBuilder(
            URI.create(server.jsonRpcUrl().orElseThrow() + home.chain().chainId()))
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}"
                    .formatted(method, params)))
        .build();
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode call(String method, String params, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        post(
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}"
                .formatted(method, params));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = send(request.build());
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode answer = JSON.readTree(response.body());
    assertThat(answer.path("jsonrpc").stringValue()).isEqualTo("2.0");
    assertThat(answer.path("id").intValue()).isEqualTo(7);
    return answer;
  }

  private String transfer(String wei) {
    return "[{\"from\":\"%s\",\"to\":\"%s\",\"value\":\"0x%s\",\"nonce\":\"0x63\",\"gas\":\"0x5208\"}]"
        .formatted(wallet.getAddress(), PAYEE, new BigInteger(wei).toString(16));
  }

  private static int code(JsonNode answer) {
    assertThat(answer.has("result")).as("%s", answer).isFalse();
    return answer.path("error").path("code").intValue();
  }

  @Test
  void aTransferLandsAndItsKeyMakesItTheSameOne() throws Exception {
    BigInteger before = home.chain().rpc().balance(PAYEE);
    JsonNode sent = call("eth_sendTransaction", transfer("1000"), "Idempotency-Key", "order/1");
    JsonNode again =
        call(
            "eth_sendTransaction",
            transfer("1000").replace("0x5208", "0x6000"),
            "Idempotency-Key",
            "order/1");

    String hash = sent.path("result").stringValue();
    assertThat(hash).as("%s", sent).matches("0x[0-9a-f]{64}");
    assertThat(again.path("result").stringValue()).isEqualTo(hash);
    JsonNode receipt = JSON.nullNode();
    for (int i = 0; i < 200 && receipt.isNull(); i++) {
      Thread.sleep(50);
      receipt = call("eth_getTransactionReceipt", "[\"" + hash + "\"]").path("result");
    }
    assertThat(receipt.path("status").stringValue()).isEqualTo("0x1");
    assertThat(home.chain().rpc().balance(PAYEE).subtract(before)).isEqualTo(1_000);
    assertThat(code(call("eth_sendTransaction", transfer("1001"), "Idempotency-Key", "order/1")))
        .isEqualTo(-32051);
    JsonNode asked = call("countersign_getRequest", "[\"order/1\"]").path("result");
    assertThat(asked.path("transactionHash").stringValue()).isEqualTo(hash);
  }

  @Test
  void aMaximumFeeWithoutATipIsTheCapOfAPriceThatIsFoundLate() throws Exception {
    String capped = transfer("1002").replace("}]", ",\"maxFeePerGas\":\"0x%s\"}]");
    JsonNode low = call("eth_sendTransaction", capped.formatted("1"), "Idempotency-Key", "cap");
    assertThat(code(low)).isEqualTo(-32010);
    assertThat(low.path("error").path("data").path("reason").stringValue())
        .isEqualTo("MARKET_ABOVE_CAP");
    String hash =
        call("eth_sendTransaction", capped.formatted("174876e800"), "Idempotency-Key", "cap")
            .path("result")
            .stringValue();
    JsonNode sent = call("eth_getTransactionByHash", "[\"" + hash + "\"]").path("result");
    for (int i = 0; i < 200 && sent.isNull(); i++) {
      Thread.sleep(50);
      sent = call("eth_getTransactionByHash", "[\"" + hash + "\"]").path("result");
    }
    assertThat(sent.path("maxFeePerGas").stringValue()).isEqualTo("0x174876e800");
    assertThat(sent.path("gas").stringValue()).isEqualTo("0x5208");
  }

  @Test
  void aDenialNamesItsRule() throws Exception {
    JsonNode denied = call("eth_sendTransaction", transfer("1000000000000000001"));

    assertThat(code(denied)).isEqualTo(-32003);
    assertThat(denied.path("error").path("message").stringValue()).contains("default-deny");
    assertThat(denied.path("error").path("data").path("state").stringValue()).isEqualTo("DENIED");
  }

  @Test
  void whatWaitsSaysSoAndCanBeFoundAgain() throws Exception {
    String large = transfer("600000000000000000");
    JsonNode waits = call("eth_sendTransaction", large, "Idempotency-Key", "large");

    assertThat(code(waits)).isEqualTo(-32050);
    JsonNode data = waits.path("error").path("data");
    assertThat(data.path("state").stringValue()).isEqualTo("PENDING_APPROVAL");
    assertThat(
            call("countersign_getRequest", "[\"" + data.path("id").stringValue() + "\"]")
                .path("result")
                .path("requestId")
                .stringValue())
        .isEqualTo("large");
    assertThat(code(call("eth_sendTransaction", large, "Idempotency-Key", "large")))
        .isEqualTo(-32050);
  }

  @Test
  void aPersonalMessageIsSigned() throws Exception {
    byte[] message = "log in".getBytes(StandardCharsets.UTF_8);
    JsonNode signed = call("personal_sign", "[\"0x6c6f6720696e\",\"" + wallet.getAddress() + "\"]");

    byte[] signature = Numeric.hexStringToByteArray(signed.path("result").stringValue());
    var data =
        new Sign.SignatureData(
            signature[64], Arrays.copyOf(signature, 32), Arrays.copyOfRange(signature, 32, 64));
    assertThat(
            Keys.toChecksumAddress(
                "0x" + Keys.getAddress(Sign.signedPrefixedMessageToKey(message, data))))
        .isEqualTo(wallet.getAddress());
  }

  @Test
  void web3jSendsWithoutAnAdapter() throws Exception {
    BigInteger before = home.chain().rpc().balance(PAYEE);
    OkHttpClient client =
        new OkHttpClient.Builder()
            .sslSocketFactory(
                home.authority().clientContext(Optional.empty()).getSocketFactory(),
                home.authority().trust())
            .build();
    HttpService service =
        new HttpService(server.jsonRpcUrl().orElseThrow() + home.chain().chainId(), client);
    service.addHeader("Authorization", "Bearer " + token.getSecret());
    Web3j web3j = Web3j.build(service);
    try {
      var manager = new ClientTransactionManager(web3j, wallet.getAddress(), 100, 100);
      var receipt =
          new Transfer(web3j, manager)
              .sendFunds(PAYEE, BigDecimal.valueOf(1_004), Convert.Unit.WEI)
              .send();

      assertThat(receipt.isStatusOK()).isTrue();
      assertThat(home.chain().rpc().balance(PAYEE).subtract(before)).isEqualTo(1_004);
      assertThat(web3j.ethAccounts().send().getAccounts()).contains(wallet.getAddress());
    } finally {
      web3j.shutdown();
    }
  }

  @Test
  void whatIsOnNoListIsRefused() throws Exception {
    for (String method :
        new String[] {"eth_signTransaction", "eth_sendRawTransaction", "eth_sign"}) {
      assertThat(code(call(method, "[\"0x00\",\"0x00\"]"))).as(method).isEqualTo(-32004);
    }
    for (String method : new String[] {"eth_newFilter", "anvil_setBalance", "debug_traceCall"}) {
      assertThat(code(call(method, "[]"))).as(method).isEqualTo(-32601);
    }
    String creationOfNothing = transfer("0").replace("\"to\":\"" + PAYEE + "\",", "");
    assertThat(code(call("eth_sendTransaction", creationOfNothing))).isEqualTo(-32602);
    assertThat(code(call("eth_sendTransaction", transfer("1").replace(wallet.getAddress(), PAYEE))))
        .isEqualTo(4100);
    assertThat(code(call("eth_sendTransaction", "[{}]"))).isEqualTo(-32602);
  }

  @Test
  void readsGoToTheNodeAndOwnOnesAreAnsweredHere() throws Exception {
    assertThat(call("eth_chainId", "[]").path("result").stringValue())
        .isEqualTo("0x" + Long.toHexString(home.chain().chainId()));
    assertThat(call("eth_accounts", "[]").path("result").toString()).contains(wallet.getAddress());
    assertThat(call("eth_blockNumber", "[]").path("result").stringValue()).startsWith("0x");
    assertThat(
            call("eth_getBalance", "[\"" + wallet.getAddress() + "\",\"latest\"]")
                .path("result")
                .stringValue())
        .startsWith("0x");
    assertThat(code(call("eth_getBalance", "[\"nobody\",\"latest\"]"))).isNotZero();
  }

  @Test
  void aBatchIsAnsweredInOrderAndWhatIsMalformedIsTold() throws Exception {
    HttpResponse<String> batch =
        send(
            post("""
            [{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},
             {"jsonrpc":"2.0","method":"eth_chainId"},
             {"jsonrpc":"1.0","id":3,"method":"eth_chainId"}]
            """)
                .build());
    JsonNode answers = JSON.readTree(batch.body());
    assertThat(answers).hasSize(2);
    assertThat(answers.get(0).path("id").intValue()).isEqualTo(1);
    assertThat(code(answers.get(1))).isEqualTo(-32600);
    assertThat(code(JSON.readTree(send(post("[]").build()).body()))).isEqualTo(-32600);
    assertThat(code(JSON.readTree(send(post("{").build()).body()))).isEqualTo(-32700);
    assertThat(send(post("\"" + "x".repeat(300_000) + "\"").build()).statusCode()).isEqualTo(413);
    assertThat(send(post("{}").setHeader("Content-Type", "text/plain").build()).statusCode())
        .isEqualTo(415);
    assertThat(
            send(post("{}").uri(URI.create(server.jsonRpcUrl().orElseThrow() + "999")).build())
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void aTokenLetsInUntilItIsRevokedAndItsClientHasToHaveTheRole() throws Exception {
    IssueClientTokenResponse other = issue("desk");
    IssueClientTokenResponse auditor = issue("auditor");
    String ask = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_accounts\"}";
    HttpRequest asking =
        post(ask).setHeader("Authorization", "Bearer " + other.getSecret()).build();
    assertThat(send(asking).statusCode()).isEqualTo(200);

    try (Calls ops = calls("ops")) {
      ops.admin()
          .revokeClientToken(
              RevokeClientTokenRequest.newBuilder().setId(other.getToken().getId()).build());
    }

    assertThat(send(asking).statusCode()).isEqualTo(401);
    assertThat(
            send(post(ask).setHeader("Authorization", "Bearer cst_" + "0".repeat(64)).build())
                .statusCode())
        .isEqualTo(401);
    assertThat(
            code(
                JSON.readTree(
                    send(post(ask)
                            .setHeader("Authorization", "Bearer " + auditor.getSecret())
                            .build())
                        .body())))
        .isEqualTo(4100);
  }

  @Test
  void aCertificateLetsInAndPolicyTellsItFromAToken() throws Exception {
    try (HttpClient desk = client(Optional.of(home.identity("desk")))) {
      assertThat(answer(desk, bare("eth_accounts", "[]")).path("result").toString())
          .contains(wallet.getAddress());
      assertThat(
              answer(desk, bare("personal_sign", "[\"0x6869\",\"" + wallet.getAddress() + "\"]"))
                  .path("result")
                  .stringValue())
          .matches("0x[0-9a-f]{130}");
      assertThat(code(answer(desk, bare("eth_sendTransaction", transfer("1005")))))
          .as("only calls with a token are allowed to pay")
          .isEqualTo(-32003);
    }
  }

  @Test
  void aCertificateOfAStrangerLetsNobodyIn() throws Exception {
    HttpRequest asking = bare("eth_accounts", "[]");
    try (HttpClient stranger = client(Optional.of(home.authority().issue("stranger")));
        HttpClient forger =
            client(Optional.of(new TestAuthority("test authority").issue("desk")))) {
      assertThat(stranger.send(asking, HttpResponse.BodyHandlers.ofString()).statusCode())
          .as("of our authority, and of no client")
          .isEqualTo(401);
      assertThatThrownBy(() -> forger.send(asking, HttpResponse.BodyHandlers.ofString()))
          .as("of an authority that only has the name of ours")
          .isInstanceOf(IOException.class);
    }
    assertThat(send(asking).statusCode()).as("nothing is shown").isEqualTo(401);
  }

  private static JsonNode answer(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  @Test
  void whatAContractRevertsWithReachesTheClient() throws Exception {
    String contract = "0x00000000000000000000000000000000c0de0001";
    // Reverts with the four bytes 0xdeadbeef, whatever it is called with.
    home.chain().rpc().call("anvil_setCode", contract, "0x63deadbeef60e01b60005260046000fd");
    JsonNode reverted =
        call(
            "eth_sendTransaction",
            "[{\"from\":\"%s\",\"to\":\"%s\",\"data\":\"0x01020304\"}]"
                .formatted(wallet.getAddress(), contract));

    assertThat(code(reverted)).isEqualTo(3);
    assertThat(reverted.path("error").path("data").stringValue()).isEqualTo("0xdeadbeef");
    assertThat(reverted.path("error").path("message").stringValue()).contains("revert");
  }

  @Test
  void theSameCallManyTimesAtOnceIsOneRequest() throws Exception {
    BigInteger before = home.chain().rpc().balance(PAYEE);
    List<Future<JsonNode>> running = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        // Libraries fill in fees anew each time.
        String asked = transfer("1006").replace("0x5208", "0x" + Integer.toHexString(0x5208 + i));
        running.add(
            threads.submit(() -> call("eth_sendTransaction", asked, "Idempotency-Key", "at-once")));
      }
    }
    List<String> hashes = new ArrayList<>();
    for (Future<JsonNode> one : running) {
      JsonNode answer = one.get();
      if (answer.has("result")) {
        hashes.add(answer.path("result").stringValue());
      } else {
        assertThat(code(answer)).as("it is just being signed").isEqualTo(-32050);
      }
    }
    assertThat(hashes).isNotEmpty().allMatch(hashes.getFirst()::equals);
    JsonNode receipt = JSON.nullNode();
    for (int i = 0; i < 200 && receipt.isNull(); i++) {
      Thread.sleep(50);
      receipt = call("eth_getTransactionReceipt", "[\"" + hashes.getFirst() + "\"]").path("result");
    }
    assertThat(home.chain().rpc().balance(PAYEE).subtract(before)).isEqualTo(1_006);
  }

  @Test
  void aTokenForEverIsRefused() {
    try (Calls ops = calls("ops")) {
      for (long second : new long[] {0, Instant.now().getEpochSecond(), Long.MAX_VALUE}) {
        assertThatThrownBy(
                () ->
                    ops.admin()
                        .issueClientToken(
                            IssueClientTokenRequest.newBuilder()
                                .setClient("desk")
                                .setExpireTime(Timestamp.newBuilder().setSeconds(second))
                                .build()))
            .hasMessageContaining("INVALID_ARGUMENT")
            .hasMessageContaining("at most 366 days");
      }
    }
  }
}
