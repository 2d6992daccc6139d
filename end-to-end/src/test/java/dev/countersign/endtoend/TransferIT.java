package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.AuditProof;
import dev.countersign.api.v1.FirstAnswer;
import dev.countersign.api.v1.GetCoverageRequest;
import dev.countersign.api.v1.GetInclusionProofsRequest;
import dev.countersign.api.v1.GetInclusionProofsResponse;
import dev.countersign.api.v1.GetShadowRequest;
import dev.countersign.api.v1.ListPricesRequest;
import dev.countersign.api.v1.PolicyInsightServiceGrpc;
import dev.countersign.api.v1.Price;
import dev.countersign.api.v1.PriceResult;
import dev.countersign.api.v1.PriceServiceGrpc;
import dev.countersign.api.v1.PublishPricesRequest;
import dev.countersign.api.v1.ReplayRequest;
import dev.countersign.api.v1.ReplayResponse;
import dev.countersign.api.v1.RuleCoverage;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.StartShadowRequest;
import dev.countersign.api.v1.StopShadowRequest;
import dev.countersign.api.v1.WatchSigningRequestRequest;
import dev.countersign.api.v1.WatchSigningRequestResponse;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.cli.Countersign;
import dev.countersign.cli.ExitCode;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The whole way of a request, over the wire.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransferIT {
  private static final String MINT = "0x000000000000000000000000000000000000c0de";
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final BigInteger TOKENS = BigInteger.valueOf(5_000_000);

  /// Who may be paid by an amount of dollars.
  private static final String PRICED = "0xe2e0000000000000000000000000000000000013";

  @TempDir private Path files;
  private final TestApprover feed = TestApprover.named("desk-rates");
  private final Deployment deployment;
  private final Client desk;
  private final Asking asking;
  private final String token;

  TransferIT(PostgresDatabase database, DevChain chain)
      throws IOException, SQLException, GeneralSecurityException {
    token = chain.rpc().deployTestToken(MINT, BigInteger.TEN.pow(12));
    deployment =
        Deployment.start(
            "transfer",
            database,
            chain,
            Policies.etherAndToken("eip155:" + chain.chainId() + "/erc20:" + token)
                + Policies.dollars(PRICED, feed.name(), feed.publicKey()));
    desk = deployment.connect(TestClient.DESK);
    asking = deployment.asking();
  }

  @AfterAll
  void stop() {
    desk.close();
    deployment.close();
  }

  @Test
  void landsATransferOfEther() {
    var to = "0xe2e0000000000000000000000000000000000001";

    var signed = desk.submit(asking.send("ether", to, ETHER));
    var ended = desk.await("ether");

    assertThat(signed.getState()).isEqualTo(State.STATE_SIGNED);
    assertThat(signed.getDecision().getRule()).isEqualTo("ether");
    confirmed(ended);
    assertThat(ended.getTransactionHash()).isEqualTo(signed.getTransactionHash());
    assertThat(deployment.chain().rpc().balance(to)).isEqualTo(ETHER);
  }

  @Test
  void landsATransferOfAToken() {
    giveTokens();
    var to = "0xe2e0000000000000000000000000000000000002";
    long had = deployment.chain().rpc().tokenBalance(token, to).longValueExact();

    desk.submit(asking.sendToken("token", token, to, TOKENS));
    var ended = desk.await("token");

    confirmed(ended);
    assertThat(ended.getErc20Transfer().getAmount()).isEqualTo(TOKENS.toString());
    assertThat(had).isZero();
    assertThat(deployment.chain().rpc().tokenBalance(token, to)).isEqualTo(TOKENS);
  }

  @Test
  void landsAnyCallThatARuleAllows() {
    var spender = "e2e0000000000000000000000000000000000003";
    // approve(address,uint256)
    var data =
        HexFormat.of().parseHex("095ea7b3" + "0".repeat(24) + spender + "0".repeat(63) + "7");

    desk.submit(asking.call("approve", token, data));
    var ended = desk.await("approve");

    confirmed(ended);
    assertThat(ended.getContractCall().getData().toByteArray()).isEqualTo(data);
    assertThat(ended.getDecision().getRule()).isEqualTo("desk-approvals");
  }

  @Test
  void deniesWhatIsTooMuchAndNamesTheRuleAndItsCriterion() throws SQLException {
    var to = "0xe2e0000000000000000000000000000000000004";

    var denied = desk.submit(asking.send("too-much", to, ETHER.add(BigInteger.ONE)));

    assertThat(denied.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(denied.getDecision().getPolicyVersion()).isEqualTo(1);
    assertThat(denied.getDecision().getRule()).isEqualTo("default-deny");
    assertThat(denied.getDecision().getReason()).contains("ether", "maximum");
    assertThat(denied.getDecision().getOutcomesList())
        .filteredOn(outcome -> outcome.getRule().equals("ether"))
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.getMatched()).isFalse();
              assertThat(outcome.getUnmet().getCriterion()).isEqualTo("maximum");
              assertThat(outcome.getUnmet().getObserved()).contains("1000000000000000001");
            });
    assertThat(denied.hasNonce()).isFalse();
    assertThat(deployment.chain().rpc().balance(to)).isZero();
    assertThat(deployment.auditLog().entriesSince(0, "request-denied"))
        .extracting(entry -> entry.path("request").asText())
        .contains(denied.getId());
  }

  @Test
  void judgesAnAmountOfDollarsByASignedPrice() throws Exception {
    BigInteger half = ETHER.divide(BigInteger.TWO);
    var early = desk.submit(asking.send("unpriced", PRICED, ETHER.add(half)));
    assertThat(early.getState()).isEqualTo(State.STATE_DENIED);
    assertThat(early.getDecision().getReason()).contains("no price of").contains("in USD");

    var asset = asking.chain() + "/slip44:60";
    var now = Instant.now();
    try (var rates = deployment.connect(TestClient.RATES);
        var auditor = deployment.connect(TestClient.AUDITOR)) {
      var results =
          PriceServiceGrpc.newBlockingStub(rates.channel())
              .publishPrices(
                  PublishPricesRequest.newBuilder()
                      .addPrices(feed.price(asset, "2000", now))
                      .addPrices(feed.price(asset, "1000", now.minusSeconds(5)))
                      .addPrices(TestApprover.named(feed.name()).price(asset, "1", now))
                      .build())
              .getResultsList();
      assertThat(results)
          .extracting(PriceResult::getOutcome)
          .containsExactly(
              PriceResult.Outcome.OUTCOME_TAKEN,
              PriceResult.Outcome.OUTCOME_NOT_NEWER,
              PriceResult.Outcome.OUTCOME_REFUSED);
      assertThat(results.getLast().getReason()).contains("not by the key of feed desk-rates");

      var reading = PriceServiceGrpc.newBlockingStub(auditor.channel());
      assertThat(reading.listPrices(ListPricesRequest.getDefaultInstance()).getPricesList())
          .singleElement()
          .matches(price -> price.getAuthentic() && price.getFresh())
          .extracting(Price::getPrice)
          .isEqualTo("2000");
      var publishing = PublishPricesRequest.newBuilder().addPrices(ByteString.EMPTY).build();
      assertThat(refusal(() -> reading.publishPrices(publishing)).reason())
          .isEqualTo("PERMISSION_DENIED");
    }

    Path right = Files.write(files.resolve("right"), feed.price(asset, "2000", now).toByteArray());
    Path wrong =
        Files.write(
            files.resolve("wrong"),
            TestApprover.named(feed.name()).price(asset, "1", now).toByteArray());
    assertThat(command("price", "send", right.toString(), wrong.toString()))
        .contains(right + ": ignored: one that is as new or newer is there")
        .contains(wrong + ": refused: the signature is not by the key of feed desk-rates")
        .endsWith("exit code " + ExitCode.NO);
    assertThat(command("price", "list"))
        .containsPattern("desk-rates +" + asset + " +2000 USD +\\S+Z +yes\\n")
        .endsWith("exit code " + ExitCode.OK);

    var tooMuch = desk.submit(asking.send("priced-out", PRICED, ETHER.multiply(BigInteger.TEN)));
    assertThat(tooMuch.getDecision().getReason())
        .contains("at most 5000 USD, got 20000 USD")
        .contains("at 2000 USD from desk-rates of ");
    var signed = desk.submit(asking.send("priced", PRICED, ETHER.add(half)));
    assertThat(signed.getDecision().getRule()).isEqualTo("desk-dollars");
    confirmed(desk.await("priced"));
    assertThat(deployment.auditLog().entriesSince(0, "request-admitted"))
        .filteredOn(entry -> entry.path("request").asText().equals(signed.getId()))
        .singleElement()
        .satisfies(
            entry -> {
              var price = entry.findPath("prices").path(0);
              assertThat(price.path("feed").asText()).isEqualTo("desk-rates");
              assertThat(price.path("price").asText()).isEqualTo("2000");
              assertThat(price.path("signature").asText()).matches("0x[0-9a-f]{128}");
            });
  }

  @Test
  void leavesNoTraceOfADryRun() throws SQLException {
    var to = "0xe2e0000000000000000000000000000000000005";
    var before = traces();

    var forecast =
        desk.signing()
            .signTransaction(
                asking.send("dry", to, ETHER).toBuilder().setValidateOnly(true).build())
            .getForecast();

    assertThat(forecast.getAllowed()).isTrue();
    assertThat(forecast.getDecision().getRule()).isEqualTo("ether");
    assertThat(forecast.getPayload().toByteArray()).startsWith(2);
    assertThat(traces()).isEqualTo(before);
    assertThat(deployment.chain().rpc().balance(to)).isZero();
  }

  @Test
  void replaysRealRequestsByADraft() throws IOException {
    desk.submit(asking.send("replayed", "0xe2e0000000000000000000000000000000000011", ETHER));
    var request =
        ReplayRequest.newBuilder()
            .setSince(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() - 3600));
    try (var auditor = deployment.connect(TestClient.AUDITOR)) {
      var same = replay(auditor, request.setDocument(draft(Policies.ether())).build());
      assertThat(same.getLast().getSummary().getJudged()).isPositive();
      assertThat(same.stream().filter(one -> differs(one, "replayed"))).isEmpty();

      var narrower =
          replay(
              auditor,
              request
                  .setDocument(
                      draft(Policies.ether().replace("maximum: 1 ether", "maximum: 1 wei")))
                  .build());
      var difference =
          narrower.stream().filter(one -> differs(one, "replayed")).findFirst().orElseThrow();
      assertThat(difference.getDifference().getBefore())
          .isEqualTo(FirstAnswer.FIRST_ANSWER_ALLOWED);
      assertThat(difference.getDifference().getAfter()).isEqualTo(FirstAnswer.FIRST_ANSWER_DENIED);
      assertThat(difference.getDifference().getReason()).contains("maximum");
      assertThat(difference.getDifference().getClient()).isEqualTo("trading-desk");
    }
  }

  @Test
  void tellsWhichRulesMatched() throws IOException {
    desk.submit(asking.send("covered", "0xe2e0000000000000000000000000000000000012", ETHER));
    try (var auditor = deployment.connect(TestClient.AUDITOR)) {
      var coverage =
          PolicyInsightServiceGrpc.newBlockingStub(auditor.channel())
              .getCoverage(
                  GetCoverageRequest.newBuilder()
                      .setSince(
                          Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() - 3600))
                      .build());
      assertThat(coverage.getPolicyVersion()).isEqualTo(1);
      assertThat(coverage.getRulesList())
          .extracting(RuleCoverage::getRule)
          .containsExactly("ether", "desk-tokens", "desk-approvals", "desk-dollars");
      assertThat(coverage.getRules(0).getMatched()).isPositive();
      assertThat(coverage.getRules(0).hasLastTime()).isTrue();
    }
  }

  @Test
  void followsWhatIsAskedByADraft() {
    try (var operator = deployment.connect(TestClient.OPERATOR);
        var auditor = deployment.connect(TestClient.AUDITOR)) {
      var shadows = PolicyInsightServiceGrpc.newBlockingStub(operator.channel());
      var start = StartShadowRequest.newBuilder().setDocument(draft(Policies.ether())).build();
      var started = shadows.startShadow(start).getShadow();
      assertThat(started.getStartedBy()).isEqualTo("operator");
      assertThat(refusal(() -> shadows.startShadow(start)).reason()).isEqualTo("ALREADY_EXISTS");
      var reading = PolicyInsightServiceGrpc.newBlockingStub(auditor.channel());
      assertThat(reading.getShadow(GetShadowRequest.getDefaultInstance()).getShadow().getId())
          .isEqualTo(started.getId());
      var stop = StopShadowRequest.getDefaultInstance();
      assertThat(refusal(() -> reading.stopShadow(stop)).reason()).isEqualTo("PERMISSION_DENIED");
      assertThat(shadows.stopShadow(stop).getShadow().hasStopTime()).isTrue();
      assertThat(refusal(() -> shadows.stopShadow(stop)).reason()).isEqualTo("NOT_FOUND");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a command says to the client that carries prices, and how it ends.
  private String command(String... arguments) throws IOException {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(deployment.options(TestClient.RATES));
    var said = new StringWriter();
    int code =
        Countersign.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(all.toArray(String[]::new));
    return said + "exit code " + code;
  }

  private static Refused refusal(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return Refused.of(e);
    }
    throw new AssertionError("it was not refused");
  }

  private static ByteString draft(String policy) {
    return ByteString.copyFromUtf8(policy);
  }

  private static boolean differs(ReplayResponse found, String requestId) {
    return found.getDifference().getRequest().getRequestId().equals(requestId);
  }

  private static List<ReplayResponse> replay(Client client, ReplayRequest request) {
    List<ReplayResponse> found = new ArrayList<>();
    PolicyInsightServiceGrpc.newBlockingStub(client.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .replay(request)
        .forEachRemaining(found::add);
    return found;
  }

  /// Rows of all that a request leaves behind.
  private List<String> traces() throws SQLException {
    return new Rows(deployment.database())
        .texts(
            """
            SELECT count(*) FROM signer.request WHERE request_id = 'dry'
            UNION ALL SELECT count(*) FROM audit.entry
              WHERE convert_from(body, 'UTF8') LIKE '%e2e0000000000000000000000000000000000005%'
            UNION ALL SELECT count(*) FROM policy.reservation r
              JOIN signer.request q ON q.id = r.request
              WHERE q.call_to = '0xe2e0000000000000000000000000000000000005'
            """);
  }

  @Test
  void givesTheSameAnswerToTheSameQuestion() {
    var question = asking.send("twice", "0xe2e0000000000000000000000000000000000006", ETHER);

    var first = desk.submit(question);
    var ended = desk.await("twice");
    var second = desk.submit(question);

    assertThat(second.getId()).isEqualTo(first.getId());
    assertThat(second.getTransactionHash()).isEqualTo(first.getTransactionHash());
    assertThat(second.getState()).isEqualTo(ended.getState());
    assertThat(deployment.chain().rpc().balance("0xe2e0000000000000000000000000000000000006"))
        .isEqualTo(ETHER);
  }

  @Test
  void showsEveryStateInOrder() {
    desk.submit(asking.send("watched", "0xe2e0000000000000000000000000000000000007", ETHER));

    var states = new ArrayList<State>();
    desk.signing()
        .watchSigningRequest(
            WatchSigningRequestRequest.newBuilder().setRequestId("watched").build())
        .forEachRemaining((WatchSigningRequestResponse change) -> states.add(change.getState()));

    assertThat(states)
        .startsWith(State.STATE_RECEIVED, State.STATE_ADMITTED, State.STATE_SIGNED)
        .endsWith(State.STATE_CONFIRMED)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void provesToAnybodyWhatBecameOfARequest() throws Exception {
    desk.submit(asking.send("proven", "0xe2e0000000000000000000000000000000000008", ETHER));
    var ended = desk.await("proven");
    try (var auditor = deployment.connect(TestClient.AUDITOR)) {
      var key = deployment.auditLog().verifierKey();

      var answer = proofsOfTheWholeWay(auditor, ended);

      assertThat(answer.getProofsList())
          .allSatisfy(
              proof ->
                  assertThat(proof(proof, answer.getCheckpoint()).check(key))
                      .isInstanceOf(LogProof.Verdict.Proven.class));
      forgedEntriesProveNothing(answer, key);
    }
  }

  private static GetInclusionProofsResponse proofsOfTheWholeWay(
      Client auditor, SigningRequest request) throws InterruptedException {
    var asked = GetInclusionProofsRequest.newBuilder().setId(request.getId()).build();
    long end = System.nanoTime() + 10_000_000_000L;
    var answer = auditor.audit().getInclusionProofs(asked);
    // The newest entries come into the tree a moment after they are durable.
    while (!types(answer).contains("transaction-confirmed") && System.nanoTime() < end) {
      Thread.sleep(100);
      answer = auditor.audit().getInclusionProofs(asked);
    }
    assertThat(types(answer))
        .containsSubsequence("request-admitted", "transaction-signed", "transaction-confirmed");
    return answer;
  }

  private static List<String> types(GetInclusionProofsResponse answer) {
    return answer.getProofsList().stream()
        .map(proof -> AuditLog.read(proof.getEntry().toStringUtf8()).path("type").asText())
        .toList();
  }

  private static LogProof proof(AuditProof proof, String checkpoint) {
    return new LogProof(
        Bytes.of(proof.getEntry().toByteArray()),
        proof.getIndex(),
        proof.getHashesList().stream()
            .map(hash -> new Digest32(Bytes.of(hash.toByteArray())))
            .toList(),
        checkpoint);
  }

  private static void forgedEntriesProveNothing(
      GetInclusionProofsResponse answer, VerifierKey key) {
    var real = answer.getProofs(0);
    byte[] forged = real.getEntry().toByteArray();
    forged[forged.length / 2] ^= 1;
    var forgery =
        real.toBuilder().setEntry(com.google.protobuf.ByteString.copyFrom(forged)).build();
    assertThat(proof(forgery, answer.getCheckpoint()).check(key))
        .isInstanceOf(LogProof.Verdict.NotProven.class);
  }

  private void giveTokens() {
    var wallet = deployment.wallet().getAddress().substring(2).toLowerCase(java.util.Locale.ROOT);
    var amount = TOKENS.toString(16);
    // transfer(address,uint256)
    deployment
        .chain()
        .rpc()
        .send(
            MINT,
            token,
            "0xa9059cbb" + "0".repeat(24) + wallet + "0".repeat(64 - amount.length()) + amount);
  }

  private static void confirmed(SigningRequest request) {
    assertThat(request.getState()).as("%s", request).isEqualTo(State.STATE_CONFIRMED);
    assertThat(request.getInclusion().getSucceeded()).isTrue();
  }
}
