package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.countersign.api.v1.Blobs;
import dev.countersign.api.v1.CancelSigningRequestRequest;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.GetSigningRequestRequest;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
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
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Transactions with blobs through the whole service, with everything real.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class BlobIT {
  private static final String PAYEE = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final int SIZE = 4096 * 32;
  private static final JsonMapper JSON = new JsonMapper();

  private final ServerHome home;
  private final Jdbi database;
  private RunningServer server;
  private Calls desk;
  private HttpClient http;
  private Wallet wallet;

  BlobIT(@TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    home = new ServerHome(directory, database, token, chain);
    this.database = Jdbi.create(database.dataSource());
  }

  @BeforeAll
  void start() throws InterruptedException {
    home.jsonRpc("{port: 0}");
    home.file(
        "chains/dev.yaml",
        """
        id: eip155:%d
        name: Development chain
        nativeSymbol: ETH
        feeModel: eip1559
        transactionTypes: [legacy, eip1559, eip4844]
        blobProofs: cells
        endpoints: ["%s"]
        confirmations: 1
        pollInterval: 50ms
        """
            .formatted(home.chain().chainId(), home.chain().rpcUrl()));
    server = home.start();
    desk = calls("desk");
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
                      .setId("poster")
                      .setVault("main")
                      .setName("Poster")
                      .build())
              .getWallet();
    }
    home.chain().rpc().setBalance(wallet.getAddress(), BigInteger.TEN.pow(19));
    http =
        HttpClient.newBuilder()
            .sslContext(home.authority().clientContext(Optional.of(home.identity("desk"))))
            .build();
  }

  @AfterAll
  void stop() {
    http.close();
    desk.close();
    server.close();
  }

  @Test
  void sixBlobsLandAndAreForgottenThen() {
    SigningRequest asked = submit("six", blobs(1, 2, 3, 4, 5, 6));
    assertThat(asked.getRawTransaction().byteAt(0)).isEqualTo((byte) 3);
    assertThat(asked.getRawTransaction().size()).as("without the blobs").isLessThan(1_000);
    SigningRequest ended = ended("six");
    assertThat(ended.getState()).isEqualTo(State.STATE_CONFIRMED);
    var receipt = home.chain().rpc().call("eth_getTransactionReceipt", ended.getTransactionHash());
    assertThat(receipt.path("type").asText()).isEqualTo("0x3");
    assertThat(receipt.path("blobGasUsed").asText()).isEqualTo("0xc0000");
    assertThat(stored("six")).isZero();
    // The same again is the same request, with nothing stored anew.
    assertThat(submit("six", blobs(1, 2, 3, 4, 5, 6)).getId()).isEqualTo(ended.getId());
    assertThat(stored("six")).isZero();
    assertThat(refused(() -> submit("six", blobs(7)))).contains("belongs to request");
  }

  @Test
  void blobsAndOthersOfOneWalletLandInTurn() {
    for (int i = 0; i < 3; i++) {
      submit("turn-blobs-" + i, blobs(20 + i));
      desk.signing().signTransaction(transfer("turn-plain-" + i).build());
    }
    for (int i = 0; i < 3; i++) {
      assertThat(ended("turn-blobs-" + i).getState()).isEqualTo(State.STATE_CONFIRMED);
      assertThat(ended("turn-plain-" + i).getState()).isEqualTo(State.STATE_CONFIRMED);
    }
  }

  @Test
  void whatIsSentAlongMustFollowFromTheBlobs() {
    Blobs wrong =
        blobs(1).toBuilder().addVersionedHashes(ByteString.fromHex("01" + "00".repeat(31))).build();
    assertThat(refused(() -> submit("hashes", wrong)))
        .contains("versioned_hashes[0]: the blobs make it 0x01");
    Blobs odd = Blobs.newBuilder().addBlobs(ByteString.copyFrom(new byte[31])).build();
    assertThat(refused(() -> submit("odd", odd)))
        .contains("blob 1: expected 131072 bytes, got \"31 bytes\"");
    byte[] high = new byte[SIZE];
    high[0] = (byte) 0xff;
    Blobs above = Blobs.newBuilder().addBlobs(ByteString.copyFrom(high)).build();
    assertThat(refused(() -> submit("above", above))).contains("below the modulus of BLS12-381");
    assertThat(refused(() -> submit("seven", blobs(1, 2, 3, 4, 5, 6, 7))))
        .contains("1 to 6 of them");
    assertThat(refused(() -> submit("zero", blobs(1).toBuilder().setMaxFeePerBlobGas("0").build())))
        .contains("expected 1 or more");
  }

  /// 131072 times 10^13 is more than the tenth of an ether that policy lets it cost.
  @Test
  void policyJudgesWhatBlobsMayCost() {
    SigningRequest denied =
        submit("dear", blobs(1).toBuilder().setMaxFeePerBlobGas("10000000000000").build());
    assertThat(denied.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(stored("dear")).isZero();
  }

  @Test
  void jsonRpcTakesThemAsGethDoes() throws IOException, InterruptedException {
    String blob = "0x" + HexFormat.of().formatHex(blob(9));
    String more = "\"blobs\":[\"%s\"],\"type\":\"0x3\"".formatted(blob);
    JsonNode answer = call(more + ",\"maxFeePerBlobGas\":\"0x3b9aca00\"");
    assertThat(answer.path("error").isMissingNode()).as(answer.toString()).isTrue();
    String hash = answer.path("result").stringValue();
    await().until(() -> !home.chain().rpc().call("eth_getTransactionReceipt", hash).isNull());
    var landed = home.chain().rpc().call("eth_getTransactionByHash", hash);
    assertThat(landed.path("type").asText()).isEqualTo("0x3");
    assertThat(landed.path("maxFeePerBlobGas").asText()).isEqualTo("0x3b9aca00");

    JsonNode wrong = call(more + ",\"blobVersionedHashes\":[\"0x01" + "00".repeat(31) + "\"]");
    assertThat(wrong.path("error").path("data").path("reason").stringValue())
        .isEqualTo("INVALID_BLOBS");
    assertThat(wrong.path("error").path("data").path("field").stringValue())
        .isEqualTo("blobVersionedHashes");
    assertThat(call("\"type\":\"0x3\"").path("error").path("message").stringValue())
        .contains("blobs: expected those of a transaction of type 0x3");
    String large = "\"data\":\"0x" + "00".repeat(300_000) + "\"";
    assertThat(call(large).path("error").path("message").stringValue())
        .contains("but for one eth_sendTransaction with blobs");
  }

  /// The chain mines nothing meanwhile: a speed-up doubles all three fees and keeps the blobs, and
  /// a cancellation carries one of zeros.
  @Test
  void whatIsStuckIsReplacedWithBlobs() {
    home.chain().rpc().call("evm_setAutomine", false);
    try {
      submit("stuck", blobs(11));
      await().until(() -> get("stuck").getState() == State.STATE_BROADCAST);
      String first = get("stuck").getTransactionHash();
      desk.signing()
          .speedUpSigningRequest(
              SpeedUpSigningRequestRequest.newBuilder().setRequestId("stuck").build());
      String second = pending("stuck", 1);
      var one = home.chain().rpc().call("eth_getTransactionByHash", first);
      var two = home.chain().rpc().call("eth_getTransactionByHash", second);
      assertThat(two.path("blobVersionedHashes")).isNotEmpty();
      if (!one.isNull()) {
        assertThat(two.path("blobVersionedHashes")).isEqualTo(one.path("blobVersionedHashes"));
      }
      desk.signing()
          .cancelSigningRequest(
              CancelSigningRequestRequest.newBuilder().setRequestId("stuck").build());
      String third = pending("stuck", 2);
      var cancelling = home.chain().rpc().call("eth_getTransactionByHash", third);
      assertThat(cancelling.path("type").asText()).isEqualTo("0x3");
      assertThat(cancelling.path("to").asText()).isEqualToIgnoringCase(wallet.getAddress());
      assertThat(cancelling.path("blobVersionedHashes").path(0).asText())
          .isEqualTo("0x010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014");
      for (String field : List.of("maxFeePerGas", "maxPriorityFeePerGas", "maxFeePerBlobGas")) {
        assertThat(quantity(cancelling.path(field).asText()))
            .as(field)
            .isGreaterThanOrEqualTo(quantity(two.path(field).asText()).shiftLeft(1));
      }
      assertThat(stored("stuck")).isEqualTo(1);
    } finally {
      home.chain().rpc().call("evm_setAutomine", true);
      home.chain().rpc().call("evm_mine");
    }
    assertThat(ended("stuck").getState()).isEqualTo(State.STATE_CANCELLED);
    assertThat(stored("stuck")).isZero();
  }

  /// @return the hash of that attempt, once the node has it
  private String pending(String requestId, int attempt) {
    await()
        .until(
            () ->
                get(requestId).getAttemptsCount() > attempt
                    && !get(requestId).getAttempts(attempt).getHash().isEmpty());
    String hash = get(requestId).getAttempts(attempt).getHash();
    await().until(() -> !home.chain().rpc().call("eth_getTransactionByHash", hash).isNull());
    return hash;
  }

  private SigningRequest submit(String requestId, Blobs blobs) {
    return desk.signing().signTransaction(transfer(requestId).setBlobs(blobs).build()).getRequest();
  }

  private SignTransactionRequest.Builder transfer(String requestId) {
    return SignTransactionRequest.newBuilder()
        .setRequestId(requestId)
        .setWallet("poster")
        .setChain("eip155:" + home.chain().chainId())
        .setNativeTransfer(NativeTransfer.newBuilder().setTo(PAYEE).setAmount("1"));
  }

  private static String refused(Runnable call) {
    return String.valueOf(
        catchThrowableOfType(StatusRuntimeException.class, call::run).getMessage());
  }

  private SigningRequest get(String requestId) {
    return desk.signing()
        .getSigningRequest(GetSigningRequestRequest.newBuilder().setRequestId(requestId).build())
        .getRequest();
  }

  private SigningRequest ended(String requestId) {
    return desk.signing()
        .waitSigningRequest(
            WaitSigningRequestRequest.newBuilder()
                .setRequestId(requestId)
                .setTimeout(Duration.newBuilder().setSeconds(60))
                .build())
        .getRequest();
  }

  private int stored(String requestId) {
    return database.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT count(*) FROM signer.request_blobs b
                    JOIN signer.request r ON r.id = b.request WHERE r.request_id = :id
                    """)
                .bind("id", requestId)
                .mapTo(Integer.class)
                .one());
  }

  private JsonNode call(String more) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(server.jsonRpcUrl().orElseThrow() + home.chain().chainId()))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_sendTransaction\",\"params\":[{\"from\":\"%s\",\"to\":\"%s\",\"value\":\"0x1\",%s}]}"
                        .formatted(wallet.getAddress(), PAYEE, more)))
            .build();
    return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }

  private static BigInteger quantity(String hex) {
    return new BigInteger(hex.substring(2), 16);
  }

  private static Blobs blobs(long... seeds) {
    return Blobs.newBuilder()
        .addAllBlobs(
            LongStream.of(seeds)
                .mapToObj(seed -> ByteString.copyFrom(blob(seed)))
                .collect(Collectors.toList()))
        .build();
  }

  private static byte[] blob(long seed) {
    byte[] blob = new byte[SIZE];
    new Random(seed).nextBytes(blob);
    for (int at = 0; at < blob.length; at += 32) {
      blob[at] = 0;
    }
    return blob;
  }
}
