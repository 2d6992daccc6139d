package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.countersign.api.v1.ContractCall;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.GetServerInfoRequest;
import dev.countersign.api.v1.GetSigningRequestRequest;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningServiceGrpc;
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
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a server does not do: each a typed error, and in the audit log.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class RefusalIT {
  private static final String PAYEE = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  private final ServerHome home;
  private final Jdbi database;
  private RunningServer server;
  private Calls desk;
  private Wallet wallet;

  RefusalIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.home = new ServerHome(directory, database, token, chain);
    this.database = Jdbi.create(database.dataSource());
  }

  @BeforeAll
  void start() throws InterruptedException {
    server = home.start();
    desk = calls(home.identity("desk"));
    try (Calls custody = calls(home.identity("custody"))) {
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
                      .setId("refusal-it")
                      .setVault("main")
                      .setName("Hot")
                      .build())
              .getWallet();
    }
    home.chain().rpc().setBalance(wallet.getAddress(), ETHER);
  }

  @AfterAll
  void stop() {
    desk.close();
    server.close();
  }

  @Test
  void whatIsWrongInARequestIsNamedAndAudited() {
    refused("amount-negative", Status.Code.INVALID_ARGUMENT, "INVALID_AMOUNT", amount("-1"));
    refused("amount-fraction", Status.Code.INVALID_ARGUMENT, "INVALID_AMOUNT", amount("1.5"));
    refused(
        "amount-large",
        Status.Code.INVALID_ARGUMENT,
        "INVALID_AMOUNT",
        amount(BigInteger.ONE.shiftLeft(256).toString()));
    refused(
        "checksum",
        Status.Code.INVALID_ARGUMENT,
        "INVALID_ADDRESS",
        request ->
            request.setNativeTransfer(
                NativeTransfer.newBuilder().setTo(PAYEE.replace('D', 'd')).setAmount("1")));
    refused(
        "wallet", Status.Code.NOT_FOUND, "UNKNOWN_WALLET", request -> request.setWallet("nobodys"));
    refused(
        "chain", Status.Code.NOT_FOUND, "UNKNOWN_CHAIN", request -> request.setChain("eip155:99"));
    refused(
        "no-data",
        Status.Code.INVALID_ARGUMENT,
        "INVALID_CALL_DATA",
        request -> request.setContractCall(ContractCall.newBuilder().setTo(PAYEE)));
    refused(
        "legacy",
        Status.Code.INVALID_ARGUMENT,
        "UNPROTECTED_LEGACY_TRANSACTION",
        request ->
            request.setEncoded(
                ByteString.fromHex("de800182520894" + "ab".repeat(20) + "8203e880")));
    refused(
        "nothing",
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED",
        SignTransactionRequest.Builder::clearTransaction);
  }

  @Test
  void anIdThatWasUsedForSomethingElseIsRefused() {
    var first = desk.signing().signTransaction(transfer("reused").build()).getRequest();
    var again = desk.signing().signTransaction(transfer("reused").build()).getRequest();

    assertThat(again.getId()).isEqualTo(first.getId());
    assertThat(again.getNonce()).isEqualTo(first.getNonce());
    refused("reused", Status.Code.ALREADY_EXISTS, "REQUEST_ID_REUSED", amount("2"));
  }

  @Test
  void aMessageThatIsTooLargeIsRefusedInWords() {
    for (int size : new int[] {300_000, 2_000_000}) {
      StatusRuntimeException error =
          failure(
              () ->
                  desk.signing()
                      .signTransaction(
                          transfer("large")
                              .setEncoded(ByteString.copyFrom(new byte[size]))
                              .build()));
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(reason(error)).isEqualTo("TOO_LARGE");
    }
  }

  @Test
  void bytesThatAreNoMessageAreRefusedInWords() {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder(new Raw(), new Raw())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(SigningServiceGrpc.getSignTransactionMethod().getFullMethodName())
            .build();

    StatusRuntimeException error =
        failure(
            () ->
                ClientCalls.blockingUnaryCall(
                    desk.channel(), method, CallOptions.DEFAULT, new byte[] {-1, -1, -1}));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(reason(error)).isEqualTo("MALFORMED");
  }

  @Test
  void aClientSeesOnlyItsOwnRequestsAndServices() {
    String id = desk.signing().signTransaction(transfer("mine").build()).getRequest().getId();
    try (Calls rival = calls(home.identity("rival"))) {
      StatusRuntimeException hidden =
          failure(
              () ->
                  rival
                      .signing()
                      .getSigningRequest(GetSigningRequestRequest.newBuilder().setId(id).build()));
      assertThat(hidden.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
      StatusRuntimeException forbidden =
          failure(() -> rival.admin().getServerInfo(GetServerInfoRequest.getDefaultInstance()));
      assertThat(forbidden.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(reason(forbidden)).isEqualTo("PERMISSION_DENIED");
    }
  }

  @Test
  void anUnregisteredCertificateIsAnsweredInWordsAndAudited() {
    Identity stranger = home.authority().issue("stranger");
    try (Calls calls = calls(stranger)) {
      StatusRuntimeException error =
          failure(() -> calls.signing().signTransaction(transfer("stranger").build()));
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(reason(error)).isEqualTo("UNAUTHENTICATED");
    }
    audited(stranger.fingerprint().sha256());
  }

  @Test
  void expiredAndForeignCertificatesAreTurnedAwayAndAudited() {
    Identity expired = home.authority().issue("late", Instant.now().minus(Duration.ofHours(1)));
    Identity foreign = new TestAuthority("another authority").issue("desk");
    for (Identity identity : new Identity[] {expired, foreign}) {
      try (Calls calls = calls(identity)) {
        StatusRuntimeException error =
            failure(() -> calls.signing().signTransaction(transfer("x").build()));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      }
      audited(identity.fingerprint().sha256());
    }
  }

  @Test
  void noCertificateAndOldTlsGetNowhere() {
    try (Calls bare = calls(null);
        Calls old =
            new Calls(
                server.grpcPort(), home.authority().pem(), home.identity("desk"), "TLSv1.2")) {
      for (Calls calls : new Calls[] {bare, old}) {
        assertThat(
                failure(() -> calls.signing().signTransaction(transfer("x").build()))
                    .getStatus()
                    .getCode())
            .isEqualTo(Status.Code.UNAVAILABLE);
      }
    }
  }

  @Test
  void healthAndMetricsAnswerOverHttp() throws IOException, InterruptedException {
    desk.signing().signTransaction(transfer("measured").build());

    assertThat(get("/health/liveness")).contains("\"UP\"");
    assertThat(get("/health/readiness"))
        .contains("\"database\":\"UP\"")
        .contains("\"keyBackend softhsm\":\"UP\"")
        .contains("\"audit\":\"UP\"")
        .contains("\"node eip155:31337\":\"UP\"")
        .containsPattern("\"endpoint eip155:31337 1 http://127.0.0.1:[0-9]+\":\"UP\"")
        .contains("\"balances eip155:31337\":\"UP\"");
    assertThat(get("/prometheus"))
        .contains("countersign_requests_total{state=\"signed\"}")
        .contains("countersign_balance_observation_age_seconds{chain=\"eip155:31337\"}")
        .contains("countersign_balance_unexplained_total{chain=\"eip155:31337\"} 0.0")
        .contains("countersign_pipeline_stage_seconds_count{stage=\"admit\"}")
        .contains("countersign_pipeline_batch_size_count{stage=\"settle\"}")
        .containsPattern(
            "countersign_node_state\\{chain=\"eip155:31337\",endpoint=\"1"
                + " http://127.0.0.1:[0-9]+\",state=\"WORKING\"\\} 1.0")
        .containsPattern(
            "countersign_node_head\\{chain=\"eip155:31337\",endpoint=\"1 [^}]+\\} [0-9]")
        .contains("countersign_node_lag{", "countersign_node_latency_seconds{")
        .contains("countersign_node_error_rate{", "countersign_node_requests_total{")
        .contains("countersign_node_failures_total{", "countersign_node_outvoted_total{")
        .contains("hikaricp_connections");
  }

  private void refused(
      String requestId,
      Status.Code code,
      String reason,
      Consumer<SignTransactionRequest.Builder> change) {
    SignTransactionRequest.Builder request = transfer(requestId);
    change.accept(request);
    StatusRuntimeException error = failure(() -> desk.signing().signTransaction(request.build()));
    assertThat(error.getStatus().getCode()).as(requestId).isEqualTo(code);
    assertThat(reason(error)).as(requestId).isEqualTo(reason);
    audited("\"" + requestId + "\"");
    audited(reason);
  }

  private static Consumer<SignTransactionRequest.Builder> amount(String amount) {
    return request ->
        request.setNativeTransfer(NativeTransfer.newBuilder().setTo(PAYEE).setAmount(amount));
  }

  private SignTransactionRequest.Builder transfer(String requestId) {
    return SignTransactionRequest.newBuilder()
        .setRequestId(requestId)
        .setWallet(wallet.getId())
        .setChain("eip155:" + home.chain().chainId())
        .setNativeTransfer(NativeTransfer.newBuilder().setTo(PAYEE).setAmount("1"));
  }

  private void audited(String text) {
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> assertThat(entriesWith(text)).as("audit entries with " + text).isPositive());
  }

  private long entriesWith(String text) {
    return database.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT count(*) FROM audit.entry
                    WHERE position(:text in convert_from(body, 'UTF8')) > 0
                    """)
                .bind("text", text)
                .mapTo(Long.class)
                .one());
  }

  private String get(String path) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response.body();
    }
  }

  private Calls calls(@Nullable Identity identity) {
    return new Calls(server.grpcPort(), home.authority().pem(), identity);
  }

  private static StatusRuntimeException failure(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }

  private static String reason(StatusRuntimeException error) {
    var status = StatusProto.fromThrowable(error);
    if (status == null) {
      throw new AssertionError("no details in " + error);
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return detail.unpack(ErrorInfo.class).getReason();
        } catch (InvalidProtocolBufferException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return "";
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
