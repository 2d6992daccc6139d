package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.Erc20Transfer;
import dev.countersign.api.v1.Fees;
import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.MarketFees.Strategy;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is wrong with a request is answered with a typed error, and told to the audit log.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
  private static final String SOMEBODY = "0x00000000000000000000000000000000000badbe";

  /// With one letter of the wrong case.
  private static final String WRONG_CHECKSUM = "0xD8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

  /// Nonce 0, gas price 1 gwei, gas 21000, 1 wei to an address; no chain id (before EIP-155).
  private static final byte[] UNPROTECTED =
      HexFormat.of().parseHex("e080843b9aca0082520894" + SOMEBODY.substring(2) + "0180");

  private static final String GWEI_100 = "100000000000";

  private final Deployment deployment;
  private final Client desk;
  private final Asking asking;
  private final String token;
  private final AuditLog log;

  BadInputIT(PostgresDatabase database, DevChain chain) throws IOException, SQLException {
    deployment = Deployment.start("bad-input", database, chain, Policies.ether());
    desk = deployment.connect(TestClient.DESK);
    asking = deployment.asking();
    token = chain.rpc().deployTestToken(SOMEBODY, BigInteger.TEN);
    log = deployment.auditLog();
  }

  @AfterAll
  void stop() {
    desk.close();
    deployment.close();
  }

  Stream<Arguments> badRequests() {
    var tooMuch = BigInteger.TWO.pow(256).toString();
    return Stream.of(
        bad("no request_id", "MALFORMED", "request_id", send("", SOMEBODY, "1")),
        bad("no transaction", "MALFORMED", "transaction", asking.request("x")),
        bad(
            "an unknown chain",
            "UNKNOWN_CHAIN",
            "chain",
            send("x", SOMEBODY, "1").setChain("eip155:424242")),
        bad("no CAIP-2 id", "MALFORMED", "chain", send("x", SOMEBODY, "1").setChain("mainnet")),
        bad(
            "an unknown wallet",
            "UNKNOWN_WALLET",
            "wallet",
            send("x", SOMEBODY, "1").setWallet("cold-7")),
        bad(
            "a wrong checksum",
            "INVALID_ADDRESS",
            "native_transfer.to",
            send("x", WRONG_CHECKSUM, "1")),
        bad("a short address", "INVALID_ADDRESS", "native_transfer.to", send("x", "0x12", "1")),
        bad(
            "a negative amount",
            "INVALID_AMOUNT",
            "native_transfer.amount",
            send("x", SOMEBODY, "-1")),
        bad(
            "an amount of 2^256",
            "INVALID_AMOUNT",
            "native_transfer.amount",
            send("x", SOMEBODY, tooMuch)),
        bad(
            "an amount with decimals",
            "INVALID_AMOUNT",
            "native_transfer.amount",
            send("x", SOMEBODY, "1.5")),
        bad(
            "a token amount of 2^256",
            "INVALID_AMOUNT",
            "erc20_transfer.amount",
            asking
                .request("x")
                .setErc20Transfer(
                    Erc20Transfer.newBuilder().setToken(token).setTo(SOMEBODY).setAmount(tooMuch))),
        bad(
            "a call of a token without call data",
            "INVALID_CALL_DATA",
            "contract_call.data",
            asking.call("x", token, new byte[0]).toBuilder()),
        bad(
            "ether for a token that takes none",
            "SIMULATION_REVERTED",
            "transaction",
            send("x", token, "1")),
        bad(
            "more than the wallet has",
            "INSUFFICIENT_FUNDS",
            "wallet",
            send("x", SOMEBODY, BigInteger.TEN.pow(30).toString())),
        bad(
            "more than the wallet has, with the fees that are insisted on",
            "INSUFFICIENT_FUNDS",
            "wallet",
            insisting(send("x", SOMEBODY, "1"), "1", BigInteger.TEN.pow(20).toString(), 21_000)),
        bad(
            "a tip above the maximum fee",
            "INVALID_AMOUNT",
            "fees",
            insisting(send("x", SOMEBODY, "1"), "3", "2", 21_000)),
        bad(
            "less gas than any transaction uses",
            "INVALID_AMOUNT",
            "fees.gas_limit",
            insisting(send("x", SOMEBODY, "1"), "1", GWEI_100, 20_999)),
        bad(
            "less gas than a token's transfer uses",
            "UNUSABLE_FEES",
            "fees.gas_limit",
            insisting(
                asking
                    .request("x")
                    .setErc20Transfer(
                        Erc20Transfer.newBuilder().setToken(token).setTo(SOMEBODY).setAmount("0")),
                "1",
                GWEI_100,
                21_000)),
        bad(
            "more gas than a block holds",
            "UNUSABLE_FEES",
            "fees.gas_limit",
            insisting(send("x", SOMEBODY, "1"), "1", GWEI_100, 1_000_000_000_000L)),
        bad(
            "a maximum fee of nothing",
            "UNUSABLE_FEES",
            "fees.max_fee_per_gas",
            insisting(send("x", SOMEBODY, "1"), "0", "0", 21_000)),
        bad(
            "a maximum fee below the base fee",
            "UNUSABLE_FEES",
            "fees.max_fee_per_gas",
            insisting(send("x", SOMEBODY, "1"), "1", "1", 21_000)),
        bad(
            "no tip where the chain asks for one",
            "UNUSABLE_FEES",
            "fees.max_priority_fee_per_gas",
            insisting(send("x", SOMEBODY, "1"), "0", GWEI_100, 21_000)),
        bad(
            "a fixed cap without a cap",
            "MALFORMED",
            "market_fees.max_fee_per_gas",
            found("x", MarketFees.newBuilder().setStrategy(Strategy.STRATEGY_FIXED_CAP))),
        bad(
            "a strategy that there is not",
            "MALFORMED",
            "market_fees.strategy",
            found("x", MarketFees.newBuilder().setStrategyValue(9))),
        bad(
            "a cap that is no amount",
            "INVALID_AMOUNT",
            "market_fees.max_fee_per_gas",
            found("x", MarketFees.newBuilder().setMaxFeePerGas("1gwei"))),
        bad(
            "a cap below what the chain takes",
            "MARKET_ABOVE_CAP",
            "market_fees.max_fee_per_gas",
            found("x", MarketFees.newBuilder().setMaxFeePerGas("1"))),
        bad(
            "a strategy, and more gas than a block holds",
            "UNUSABLE_FEES",
            "market_fees.gas_limit",
            found("x", MarketFees.newBuilder().setGasLimit(1_000_000_000_000L))),
        bad(
            "a legacy transaction without a chain id",
            "UNPROTECTED_LEGACY_TRANSACTION",
            "encoded",
            asking.request("x").setEncoded(ByteString.copyFrom(UNPROTECTED))),
        bad(
            "bytes that are no transaction",
            "MALFORMED",
            "encoded",
            asking.request("x").setEncoded(ByteString.copyFromUtf8("\u0002nonsense"))));
  }

  private Arguments bad(
      String name, String reason, String field, SignTransactionRequest.Builder request) {
    return arguments(name, reason, field, request.build());
  }

  private SignTransactionRequest.Builder send(String requestId, String to, String amount) {
    return asking.send(requestId, to, amount);
  }

  private static SignTransactionRequest.Builder insisting(
      SignTransactionRequest.Builder request, String tip, String maximum, long gas) {
    return request.setFees(
        Fees.newBuilder().setMaxPriorityFeePerGas(tip).setMaxFeePerGas(maximum).setGasLimit(gas));
  }

  private SignTransactionRequest.Builder found(String requestId, MarketFees.Builder fees) {
    return send(requestId, SOMEBODY, "1").setMarketFees(fees);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badRequests")
  void refusesABadRequestInWordsAndLogsIt(
      String name, String reason, String field, SignTransactionRequest request)
      throws SQLException {
    long before = log.size();

    var refused = refused(() -> desk.submit(request));

    assertThat(refused.reason()).as("%s: %s", name, refused).isEqualTo(reason);
    assertThat(refused.field()).isEqualTo(field);
    assertThat(refused.message()).isNotBlank();
    logged(before, reason, field, request.getRequestId());
    assertThat(new Rows(deployment.database()).number("SELECT count(*) FROM nonce.transaction"))
        .as("nonces that bad requests took")
        .isZero();
  }

  @Test
  void refusesBytesThatAreNoMessage() throws SQLException {
    long before = log.size();

    var refused =
        refused(() -> RawCall.signTransaction(desk.channel(), new byte[] {10, 100, 1, 2, 3}));

    assertThat(refused.status()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(refused.reason()).isEqualTo("MALFORMED");
    logged(before, "MALFORMED", "", "");
  }

  @Test
  void refusesAMessageOfMoreThanAQuarterOfAMebibyte() throws SQLException {
    long before = log.size();
    var large = asking.call("x", token, new byte[256 * 1024]);

    var refused = refused(() -> desk.submit(large));

    assertThat(refused.status()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(refused.reason()).isEqualTo("TOO_LARGE");
    logged(before, "TOO_LARGE", "", "x");
  }

  @Test
  void refusesARequestIdThatIsUsedForOtherContent() throws SQLException {
    // Denied, so that it takes no nonce.
    var first = desk.submit(asking.send("used", SOMEBODY, BigInteger.TEN.pow(19)));
    long before = log.size();

    var refused = refused(() -> desk.submit(asking.send("used", SOMEBODY, BigInteger.TWO)));

    assertThat(refused.status()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(refused.reason()).isEqualTo("REQUEST_ID_REUSED");
    assertThat(refused.message()).contains(first.getId());
    logged(before, "REQUEST_ID_REUSED", "request_id", "used");
  }

  @Test
  void keepsAClientToItsRole() throws Exception {
    long before = log.size();

    var trading =
        refused(() -> desk.wallets().createWallet(CreateWalletRequest.getDefaultInstance()));

    assertThat(trading.status()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(trading.reason()).isEqualTo("PERMISSION_DENIED");
    logged(before, "PERMISSION_DENIED", "", "");
  }

  @Test
  void letsNobodyInWhoseCertificateIsNotRegistered() throws Exception {
    var certificate = deployment.certificates().client("newcomer");
    long before = log.size();
    try (var stranger = deployment.connect(certificate)) {
      var refused = refused(() -> stranger.submit(asking.send("x", SOMEBODY, BigInteger.ONE)));

      assertThat(refused.status()).isEqualTo(Code.UNAUTHENTICATED);
      assertThat(refused.reason()).isEqualTo("UNAUTHENTICATED");
    }
    callerLogged(before, Certificates.fingerprint(certificate));
  }

  @Test
  void letsNobodyInWhoseCertificateHasExpired() throws Exception {
    var certificate = deployment.certificates().expiredClient("yesterday");
    long before = log.size();
    try (var late = deployment.connect(certificate)) {
      var refused = refused(() -> late.submit(asking.send("x", SOMEBODY, BigInteger.ONE)));

      // The handshake ends before there is a call that could have a typed error.
      assertThat(refused.status()).isEqualTo(Code.UNAVAILABLE);
    }
    callerLogged(before, Certificates.fingerprint(certificate));
  }

  @Test
  void letsNobodyInWhoseCertificateIsOfAnUnknownAuthority() throws Exception {
    var certificate = deployment.certificates().strangeClient(TestClient.DESK.name());
    long before = log.size();
    try (var stranger = deployment.connect(certificate)) {
      var refused = refused(() -> stranger.submit(asking.send("x", SOMEBODY, BigInteger.ONE)));

      assertThat(refused.status()).isEqualTo(Code.UNAVAILABLE);
    }
    callerLogged(before, Certificates.fingerprint(certificate));
  }

  private static Refused refused(ThrowingCallable call) {
    var thrown = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(thrown).as("an error").isNotNull();
    return Refused.of(thrown);
  }

  private void logged(long before, String code, String field, String requestId)
      throws SQLException {
    assertThat(log.entriesSince(before, "request-refused"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.at("/event/code").asText()).isEqualTo(code);
              assertThat(entry.at("/event/field").asText()).isEqualTo(field);
              assertThat(entry.at("/event/clientRequestId").asText()).isEqualTo(requestId);
              assertThat(entry.at("/actor/name").asText()).isEqualTo(TestClient.DESK.name());
            });
  }

  /// Handshakes are told to the log a moment after they were refused.
  private void callerLogged(long before, String fingerprint)
      throws SQLException, InterruptedException {
    long end = System.nanoTime() + 5_000_000_000L;
    while (log.entriesSince(before, "caller-refused").isEmpty() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertThat(log.entriesSince(before, "caller-refused"))
        .isNotEmpty()
        .allSatisfy(
            entry -> assertThat(entry.at("/event/certificate").asText()).isEqualTo(fingerprint));
  }
}
