package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.CancelSigningRequestRequest;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.api.v1.GetSigningRequestRequest;
import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.MarketFees.Strategy;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
import dev.countersign.api.v1.TransactionAttempt;
import dev.countersign.api.v1.TransactionAttempt.Purpose;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.pipeline.PipelineParts;
import dev.countersign.core.pipeline.ReplacementObserver;
import dev.countersign.core.pipeline.ReplacementOutcome;
import dev.countersign.core.pipeline.ReplacementParts;
import dev.countersign.core.pipeline.Replacements;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.ReplacementPricer;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Transactions that are replaced while they wait, on a chain that mines when a test says so.
@WithTestEnvironment
@DevChainSettings(blockMillis = -1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ReplacementIT {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final BigInteger AMOUNT = BigInteger.valueOf(1_000_000_007L);
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final BigInteger CAP = GWEI.multiply(BigInteger.valueOf(100));
  private static final BigInteger TRANSFER_GAS = BigInteger.valueOf(21_000);
  private static final Actor DESK = new Actor(Actor.Kind.CLIENT, "desk", "test");

  private final ServerHome home;
  private final Jdbi database;
  private final DevChain chain;
  private RunningServer server;
  private Calls desk;
  private Calls custody;
  private Calls audit;
  private int names;

  ReplacementIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.home = new ServerHome(directory, database, token, chain);
    this.database = Jdbi.create(database.dataSource());
    this.chain = chain;
  }

  @BeforeAll
  void start() throws InterruptedException {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    home.file(
        "policy.yaml",
        """
        format: countersign/policy/v1
        rules:
          - name: pay
            effect: ALLOW
            initiators: [desk]
            wallets: any
            chains: any
            operations: [native-transfer]
            assets: [native]
            destinations: any
            maximum: 1 ether
            maximumGasCost: 0.1 ether
            limits: [{name: hourly, maximum: 1000 ether, counts: [value, gas], window: PT1H}]
        """);
    home.file(
        "chains/dev.yaml",
        """
        id: eip155:%d
        name: Development chain
        nativeSymbol: ETH
        feeModel: eip1559
        endpoints: ["%s"]
        confirmations: 1
        pollInterval: 50ms
        balanceInterval: 100ms
        replacement: {after: 1s, automatic: true, maximumFeePerGas: 900 gwei}
        """
            .formatted(chain.chainId(), chain.rpcUrl()));
    server = home.start();
    desk = calls("desk");
    custody = calls("custody");
    audit = calls("auditor");
    custody
        .wallets()
        .createVault(
            CreateVaultRequest.newBuilder()
                .setVault(
                    Vault.newBuilder().setId("main").setTier(Vault.Tier.TIER_HOT).setName("Main"))
                .build());
  }

  @AfterAll
  void stop() {
    List.of(desk, custody, audit).forEach(Calls::close);
    server.close();
  }

  @Test
  void aSpeedUpIsMinedInPlaceOfTheOriginal() {
    String wallet = wallet();
    String payee = payee();
    SigningRequest asked = broadcast(wallet, payee);

    SigningRequest faster = speedUp(asked);

    assertThat(faster.getAttemptsList())
        .extracting(TransactionAttempt::getPurpose)
        .containsExactly(Purpose.PURPOSE_ORIGINAL, Purpose.PURPOSE_SPEED_UP);
    TransactionAttempt first = faster.getAttempts(0);
    TransactionAttempt second = faster.getAttempts(1);
    assertThat(first.getHash()).isEqualTo(faster.getTransactionHash());
    assertThat(tenth(first.getMaxFeePerGas()))
        .isLessThanOrEqualTo(new BigInteger(second.getMaxFeePerGas()));
    assertThat(tenth(first.getMaxPriorityFeePerGas()))
        .isLessThanOrEqualTo(new BigInteger(second.getMaxPriorityFeePerGas()));
    awaitInPool(second.getHash());
    SigningRequest mined = mined(asked);
    assertThat(mined.getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(mined.getInclusion().getTransactionHash()).isEqualTo(second.getHash());
    assertThat(mined.getAttemptsList())
        .extracting(TransactionAttempt::getMined)
        .containsExactly(false, true);
    assertThat(chain.rpc().balance(payee)).as("paid once").isEqualTo(AMOUNT);
    assertThat(charged(asked))
        .as("the value once, and the gas of the dearer one")
        .isEqualTo(AMOUNT.add(gas(second)));
    assertScopesAreRight();
    assertThat(logged(asked))
        .containsExactly(
            "request-admitted",
            "transaction-signed",
            "transaction-broadcast",
            "transaction-replacement-permitted",
            "transaction-signed",
            "transaction-confirmed");
    assertNothingIsLost(wallet);
  }

  @Test
  void aCallThatNamesWhatItReplacesIsIdempotent() {
    SigningRequest asked = broadcast(wallet(), payee());
    var call =
        SpeedUpSigningRequestRequest.newBuilder()
            .setId(asked.getId())
            .setReplaces(asked.getTransactionHash());
    desk.signing().speedUpSigningRequest(call.build());
    assertThat(desk.signing().speedUpSigningRequest(call.build()).getRequest().getAttemptsList())
        .hasSize(2);
    assertThat(refused(call.setReplaces("0x" + "ab".repeat(32)).build()))
        .contains("has no transaction 0xabab");
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  void feesOfItsOwnHaveToBeATenthHigherAndBelowTheCaps() {
    SigningRequest asked = broadcast(wallet(), payee());
    TransactionAttempt first = get(asked).getAttempts(0);
    var call = SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId());
    assertThat(
            refused(
                call.setMaxFeePerGas(
                        tenth(first.getMaxFeePerGas()).subtract(BigInteger.ONE).toString())
                    .setMaxPriorityFeePerGas(tenth(first.getMaxPriorityFeePerGas()).toString())
                    .build()))
        .contains("nodes take a replacement that offers 10 percent more");
    assertThat(refused(call.setMaxFeePerGas("900000000001").build()))
        .contains("replacement.maximumFeePerGas is 900000000000");
    assertThat(refused(call.setMaxFeePerGas("").build())).contains("one is missing");
    call.setMaxFeePerGas(tenth(first.getMaxFeePerGas()).toString());
    assertThat(
            desk.signing()
                .speedUpSigningRequest(call.build())
                .getRequest()
                .getAttempts(1)
                .getMaxFeePerGas())
        .isEqualTo(tenth(first.getMaxFeePerGas()).toString());
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  void aCancellationIsMinedAndNothingIsPaid() {
    String wallet = wallet();
    chain.rpc().mine(1);
    await()
        .until(
            () ->
                texts("SELECT amount FROM vault.balance WHERE wallet = '%s'".formatted(wallet))
                    .contains(ETHER.multiply(BigInteger.TEN).toString()));
    String payee = payee();
    SigningRequest asked = broadcast(wallet, payee);

    SigningRequest cancelling = cancel(asked);
    assertThat(cancelling.getState()).isEqualTo(State.STATE_BROADCAST);
    assertThat(cancelling.getAttempts(1).getPurpose()).isEqualTo(Purpose.PURPOSE_CANCELLATION);
    assertThat(cancel(asked).getAttemptsList()).as("asked for again").hasSize(2);
    awaitInPool(cancelling.getAttempts(1).getHash());

    SigningRequest faster = speedUp(asked);
    assertThat(faster.getAttempts(2).getPurpose())
        .as("what is cancelled is not brought back")
        .isEqualTo(Purpose.PURPOSE_CANCELLATION);
    awaitInPool(faster.getAttempts(2).getHash());

    SigningRequest mined = mined(asked);
    assertThat(mined.getState()).isEqualTo(State.STATE_CANCELLED);
    assertThat(mined.getFailure()).startsWith("cancelled on chain");
    assertThat(mined.getInclusion().getTransactionHash())
        .isEqualTo(faster.getAttempts(2).getHash());
    assertThat(chain.rpc().balance(payee)).isEqualTo(BigInteger.ZERO);
    assertItsBalanceIsExplained(wallet);
    assertThat(logged(asked)).endsWith("transaction-signed", "transaction-confirmed");
    assertThat(refused(SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId()).build()))
        .contains("CANCELLED");
    assertThat(cancel(asked).getState()).isEqualTo(State.STATE_CANCELLED);
    assertScopesAreRight();
    assertNothingIsLost(wallet);
  }

  @Test
  void theOriginalMayWinOverItsCancellation() {
    String payee = payee();
    SigningRequest asked = broadcast(wallet(), payee);
    String cancellation = cancel(asked).getAttempts(1).getHash();
    awaitInPool(cancellation);
    awaitTaken(asked);
    chain.rpc().call("anvil_dropTransaction", cancellation);
    chain.rpc().call("eth_sendRawTransaction", raw(asked));
    SigningRequest mined = mined(asked);
    assertThat(mined.getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(mined.getInclusion().getTransactionHash()).isEqualTo(asked.getTransactionHash());
    assertThat(chain.rpc().balance(payee)).isEqualTo(AMOUNT);
  }

  @Test
  void whatIsMinedWhileItsReplacementIsSignedStaysWhatItIs() {
    String wallet = wallet();
    SigningRequest asked = broadcast(wallet, payee());
    Replacements slow =
        replacements(
            permits -> {
              chain.rpc().mine(1);
              await().until(() -> get(asked).getState() == State.STATE_CONFIRMED);
            },
            server.part(ReplacementParts.class).pricer());
    assertThat(slow.speedUp(stored(asked), Optional.empty(), Optional.empty(), DESK))
        .isInstanceOf(ReplacementOutcome.Replaced.class);
    assertThat(get(asked).getAttemptsList()).hasSize(1);
    assertThat(text("SELECT drop_reason FROM nonce.replacement WHERE request_id = '%s'", asked))
        .isEqualTo("the nonce was mined before it was signed");
    assertThat(charged(asked)).isEqualTo(AMOUNT.add(gas(get(asked).getAttempts(0))));
    assertThat(logged(asked)).contains("transaction-replacement-dropped");
    assertScopesAreRight();
    assertNothingIsLost(wallet);
  }

  @Test
  void aCrashAfterThePermitIsResumedWithThatVeryPayload() {
    SigningRequest asked = broadcast(wallet(), payee());
    Replacements dying =
        replacements(
            _ -> {
              throw new CrashException();
            },
            server.part(ReplacementParts.class).pricer());
    assertThatThrownBy(() -> dying.speedUp(stored(asked), Optional.empty(), Optional.empty(), DESK))
        .isInstanceOf(CrashException.class);
    assertThat(get(asked).getAttempts(1).getHash()).isEmpty();
    assertThat(speedUp(asked).getAttemptsList()).as("while it is signed").hasSize(2);
    await().until(() -> !get(asked).getAttempts(1).getHash().isEmpty());
    assertThat(get(asked).getAttemptsList()).hasSize(2);
    awaitInPool(get(asked).getAttempts(1).getHash());
    assertThat(mined(asked).getInclusion().getTransactionHash())
        .isEqualTo(get(asked).getAttempts(1).getHash());
  }

  @Test
  void aPermitWhoseNonceIsMinedMeanwhileIsGivenUp() {
    String wallet = wallet();
    SigningRequest asked = broadcast(wallet, payee());
    Replacements dying =
        replacements(
            _ -> {
              throw new CrashException();
            },
            server.part(ReplacementParts.class).pricer());
    assertThatThrownBy(() -> dying.cancel(stored(asked), DESK)).isInstanceOf(CrashException.class);
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
    await().until(() -> get(asked).getAttemptsCount() == 1);
    assertThat(text("SELECT drop_reason FROM nonce.replacement WHERE request_id = '%s'", asked))
        .isEqualTo("the nonce was mined before it was signed");
    assertThat(charged(asked)).isEqualTo(AMOUNT.add(gas(get(asked).getAttempts(0))));
    assertNothingIsLost(wallet);
  }

  @Test
  void whatIsFrozenBeforeItsSignatureIsDurableStaysUnsigned() {
    String wallet = wallet();
    SigningRequest asked = broadcast(wallet, payee());
    Replacements overtaken =
        replacements(_ -> freeze(wallet), server.part(ReplacementParts.class).pricer());
    assertThat(overtaken.cancel(stored(asked), DESK))
        .isInstanceOf(ReplacementOutcome.Replaced.class);
    assertThat(get(asked).getAttempts(1).getHash()).isEmpty();
    assertThat(logged(asked)).endsWith("transaction-replacement-permitted");
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  void aCrashAfterTheSignatureLeavesOnePayloadMore() {
    SigningRequest asked = broadcast(wallet(), payee());
    Replacements dying =
        replacements(
            permits -> {
              var backend = server.part(KeyBackends.class).all().getFirst();
              assertThat(backend.sign(permits).getFirst())
                  .isInstanceOf(KeyBackend.SigningOutcome.Signed.class);
              throw new CrashException();
            },
            server.part(ReplacementParts.class).pricer());
    assertThatThrownBy(() -> dying.cancel(stored(asked), DESK)).isInstanceOf(CrashException.class);
    await().until(() -> !get(asked).getAttempts(1).getHash().isEmpty());
    assertThat(get(asked).getAttemptsList())
        .extracting(TransactionAttempt::getPurpose)
        .containsExactly(Purpose.PURPOSE_ORIGINAL, Purpose.PURPOSE_CANCELLATION);
    awaitInPool(get(asked).getAttempts(1).getHash());
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CANCELLED);
  }

  @Test
  void twoWhoAskAtOnceGetOneReplacement() throws Exception {
    SigningRequest asked = broadcast(wallet(), payee());
    ReplacementPricer pricer = server.part(ReplacementParts.class).pricer();
    CyclicBarrier both = new CyclicBarrier(2);
    ReplacementPricer together =
        (where, account, token, strategy) -> {
          var answer = pricer.ask(where, account, token, strategy);
          try {
            both.await(20, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return answer;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ReplacementOutcome>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Replacements instance = replacements(_ -> {}, together);
        running.add(
            threads.submit(
                () -> instance.speedUp(stored(asked), Optional.empty(), Optional.empty(), DESK)));
      }
      for (Future<ReplacementOutcome> one : running) {
        assertThat(one.get()).isInstanceOf(ReplacementOutcome.Replaced.class);
      }
    }
    assertThat(get(asked).getAttemptsList()).hasSize(2);
    assertThat(text("SELECT count(*) FROM nonce.replacement WHERE request_id = '%s'", asked))
        .isEqualTo("1");
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  void whatIsFrozenIsNeitherSpedUpNorCancelled() {
    String wallet = wallet();
    SigningRequest asked = broadcast(wallet, payee());
    freeze(wallet);
    assertThat(refused(SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId()).build()))
        .contains("frozen");
    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> cancel(asked)).getStatus())
        .satisfies(
            status -> {
              assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(status.getDescription()).contains("frozen");
            });
    assertThat(get(asked).getAttemptsList()).hasSize(1);
    assertThat(logged(asked)).contains("transaction-replacement-denied");
    assertThat(mined(asked).getState())
        .as("what was sent is sent")
        .isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  void whatTheWalletCannotPayIsRefused() {
    String wallet = wallet();
    SigningRequest asked = broadcast(wallet, payee());
    BigInteger needed = AMOUNT.add(gas(get(asked).getAttempts(0)));
    chain.rpc().setBalance(address(wallet), needed);
    assertThat(refused(SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId()).build()))
        .contains("has " + needed + " wei");
    assertThat(get(asked).getAttemptsList()).hasSize(1);
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  void whatIsStuckIsSpedUpByItself() {
    SigningRequest asked = broadcast(wallet(), payee());
    BigInteger fee = new BigInteger(get(asked).getAttempts(0).getMaxFeePerGas());
    chain
        .rpc()
        .call("anvil_setNextBlockBaseFeePerGas", "0x" + fee.multiply(BigInteger.TWO).toString(16));
    chain.rpc().mine(1);
    assertThat(get(asked).getState()).as("too cheap").isEqualTo(State.STATE_BROADCAST);
    await().until(() -> get(asked).getAttemptsCount() > 1);
    SigningRequest faster = get(asked);
    await().until(() -> !get(asked).getAttempts(1).getHash().isEmpty());
    assertThat(new BigInteger(faster.getAttempts(1).getMaxFeePerGas()))
        .isGreaterThan(fee.multiply(BigInteger.TWO));
    awaitInPool(get(asked).getAttempts(1).getHash());
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(logged(asked)).contains("transaction-replacement-permitted");
    chain.rpc().call("anvil_setNextBlockBaseFeePerGas", "0x3b9aca00");
    chain.rpc().mine(1);
  }

  @Test
  void aStrategyIsSpedUpWithinItsCapWhichIsAllThatIsCharged() {
    SigningRequest asked = broadcast(wallet(), payee(), fees(Strategy.STRATEGY_ECONOMY, CAP));
    TransactionAttempt first = get(asked).getAttempts(0);
    BigInteger fee = new BigInteger(first.getMaxFeePerGas());
    assertThat(asked.getMarketFees()).isEqualTo(fees(Strategy.STRATEGY_ECONOMY, CAP));
    assertThat(fee).as("what the market takes").isLessThan(CAP);
    assertThat(charged(asked)).isEqualTo(AMOUNT.add(CAP.multiply(TRANSFER_GAS)));
    baseFee(fee.multiply(BigInteger.TWO));
    await().until(() -> get(asked).getAttemptsCount() > 1);
    await().until(() -> !get(asked).getAttempts(1).getHash().isEmpty());
    TransactionAttempt second = get(asked).getAttempts(1);
    assertThat(new BigInteger(second.getMaxFeePerGas()))
        .isGreaterThanOrEqualTo(tenth(first.getMaxFeePerGas()))
        .isLessThanOrEqualTo(CAP);
    awaitInPool(second.getHash());
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(charged(asked))
        .as("the cap was charged from the start")
        .isEqualTo(AMOUNT.add(CAP.multiply(TRANSFER_GAS)));
    assertScopesAreRight();
    baseFee(GWEI);
  }

  @Test
  void nothingIsSpedUpAboveTheCapOfItsRequestButItCanBeCancelled() {
    SigningRequest asked = broadcast(wallet(), payee(), fees(Strategy.STRATEGY_FIXED_CAP, CAP));
    assertThat(get(asked).getAttempts(0).getMaxFeePerGas()).isEqualTo(CAP.toString());
    assertThat(refused(SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId()).build()))
        .contains("the request caps it at " + CAP);
    SigningRequest cancelled = cancel(asked);
    assertThat(new BigInteger(cancelled.getAttempts(1).getMaxFeePerGas())).isGreaterThan(CAP);
    awaitInPool(cancelled.getAttempts(1).getHash());
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CANCELLED);
  }

  @Test
  void aMarketAboveTheCapIsARefusalUntilItFalls() {
    baseFee(CAP.multiply(BigInteger.TWO));
    SignTransactionRequest capped = payment(wallet(), payee(), fees(Strategy.STRATEGY_URGENT, CAP));
    SignTransactionRequest dryRun = capped.toBuilder().setValidateOnly(true).build();
    // Prices are kept for a second.
    await().until(() -> refusal(dryRun) != null);
    StatusRuntimeException refused = Objects.requireNonNull(refusal(capped));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refused.getStatus().getDescription())
        .contains("wei per gas or more now")
        .contains("capped at " + CAP);
    baseFee(GWEI);
    await()
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> desk.signing().signTransaction(capped).hasRequest());
    SigningRequest asked = desk.signing().signTransaction(capped).getRequest();
    assertThat(asked.getState()).isIn(State.STATE_SIGNED, State.STATE_BROADCAST);
    assertThat(new BigInteger(asked.getAttempts(0).getMaxFeePerGas())).isLessThanOrEqualTo(CAP);
    awaitInPool(asked.getTransactionHash());
    assertThat(mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  private @Nullable StatusRuntimeException refusal(SignTransactionRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> desk.signing().signTransaction(request));
  }

  private static MarketFees fees(Strategy strategy, BigInteger cap) {
    return MarketFees.newBuilder().setStrategy(strategy).setMaxFeePerGas(cap.toString()).build();
  }

  private void baseFee(BigInteger wei) {
    chain.rpc().call("anvil_setNextBlockBaseFeePerGas", "0x" + wei.toString(16));
    chain.rpc().mine(1);
  }

  private void freeze(String wallet) {
    server
        .part(UnitOfWork.class)
        .run(
            transaction ->
                server
                    .part(FreezeStore.class)
                    .freeze(
                        transaction,
                        FreezeScope.parse("wallet:" + wallet),
                        new FreezeReason("test"),
                        DESK,
                        Instant.now()));
  }

  private static final class CrashException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Another instance, whose keys sign after `before` has run.
  private Replacements replacements(Step before, ReplacementPricer pricer) {
    ReplacementParts real = server.part(ReplacementParts.class);
    PipelineParts pipeline = real.pipeline();
    KeyBackends keys = pipeline.backends();
    KeyBackends backends =
        new KeyBackends() {
          @Override
          public Optional<KeyBackend> find(BackendName name) {
            return keys.find(name).map(backend -> new SteppingBackend(backend, before));
          }

          @Override
          public List<KeyBackend> all() {
            return keys.all();
          }
        };
    return new Replacements(
        new ReplacementParts(
            new PipelineParts(
                pipeline.unitOfWork(),
                pipeline.requests(),
                pipeline.wallets(),
                pipeline.chains(),
                pipeline.pricer(),
                pipeline.policy(),
                pipeline.freezes(),
                pipeline.nonces(),
                backends,
                pipeline.audit(),
                pipeline.broadcaster(),
                pipeline.clock(),
                pipeline.random()),
            real.payloads(),
            real.policy(),
            pricer,
            real.terms()),
        ReplacementObserver.NONE);
  }

  @FunctionalInterface
  private interface Step {
    void before(List<Permit> permits);
  }

  private record SteppingBackend(KeyBackend real, Step step) implements KeyBackend {
    @Override
    public BackendName name() {
      return real.name();
    }

    @Override
    public BackendKey createKey(KeyId key) {
      return real.createKey(key);
    }

    @Override
    public Optional<BackendKey> find(KeyId key) {
      return real.find(key);
    }

    @Override
    public List<BackendKey> listKeys() {
      return real.listKeys();
    }

    @Override
    public List<SigningOutcome> sign(List<Permit> permits) {
      step.before(permits);
      return real.sign(permits);
    }
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }

  private String wallet() {
    String id = "replaced-" + ++names;
    var created =
        custody
            .wallets()
            .createWallet(
                CreateWalletRequest.newBuilder().setId(id).setVault("main").setName(id).build())
            .getWallet();
    chain.rpc().setBalance(created.getAddress(), ETHER.multiply(BigInteger.TEN));
    return id;
  }

  private String address(String wallet) {
    return text(
        "SELECT address FROM nonce.transaction t JOIN signer.request r ON r.id = t.request_id"
            + " WHERE r.wallet = '"
            + wallet
            + "' LIMIT 1");
  }

  /// Who has nothing yet.
  private String payee() {
    return "0x%040x".formatted(0x7000_0000_0000L + ++names);
  }

  private SignTransactionRequest payment(String wallet, String payee, MarketFees fees) {
    return SignTransactionRequest.newBuilder()
        .setRequestId("ask-" + ++names)
        .setWallet(wallet)
        .setChain("eip155:" + chain.chainId())
        .setNativeTransfer(NativeTransfer.newBuilder().setTo(payee).setAmount(AMOUNT.toString()))
        .setMarketFees(fees)
        .build();
  }

  private SigningRequest broadcast(String wallet, String payee) {
    return broadcast(wallet, payee, MarketFees.getDefaultInstance());
  }

  private SigningRequest broadcast(String wallet, String payee, MarketFees fees) {
    SigningRequest signed =
        desk.signing().signTransaction(payment(wallet, payee, fees)).getRequest();
    assertThat(signed.getState()).isEqualTo(State.STATE_SIGNED);
    await().until(() -> get(signed).getState() == State.STATE_BROADCAST);
    return get(signed);
  }

  private SigningRequest get(SigningRequest request) {
    return desk.signing()
        .getSigningRequest(GetSigningRequestRequest.newBuilder().setId(request.getId()).build())
        .getRequest();
  }

  private SigningRequest speedUp(SigningRequest request) {
    return desk.signing()
        .speedUpSigningRequest(
            SpeedUpSigningRequestRequest.newBuilder().setId(request.getId()).build())
        .getRequest();
  }

  private String refused(SpeedUpSigningRequestRequest request) {
    return String.valueOf(
        catchThrowableOfType(
                StatusRuntimeException.class, () -> desk.signing().speedUpSigningRequest(request))
            .getStatus()
            .getDescription());
  }

  private SigningRequest cancel(SigningRequest request) {
    return desk.signing()
        .cancelSigningRequest(
            CancelSigningRequestRequest.newBuilder().setId(request.getId()).build())
        .getRequest();
  }

  private SigningRequest mined(SigningRequest request) {
    chain.rpc().mine(1);
    return desk.signing()
        .waitSigningRequest(WaitSigningRequestRequest.newBuilder().setId(request.getId()).build())
        .getRequest();
  }

  private dev.countersign.core.request.SigningRequest stored(SigningRequest request) {
    return server
        .part(PipelineParts.class)
        .requests()
        .find(SigningRequestId.parse(request.getId()))
        .orElseThrow();
  }

  private void awaitInPool(String hash) {
    await().until(() -> chain.rpc().call("eth_getTransactionByHash", hash).isObject());
  }

  /// The answer to its last broadcast is recorded: it is not sent again for a while.
  private void awaitTaken(SigningRequest request) {
    await()
        .until(
            () ->
                text(
                        "SELECT due_at > now() + interval '11 s' FROM nonce.transaction"
                            + " WHERE request_id = '%s'",
                        request)
                    .equals("t"));
  }

  private String raw(SigningRequest request) {
    return "0x"
        + text(
            "SELECT encode(signed, 'hex') FROM nonce.transaction WHERE request_id = '%s'", request);
  }

  private static BigInteger tenth(String fee) {
    return new BigInteger(fee)
        .multiply(BigInteger.valueOf(11))
        .add(BigInteger.valueOf(9))
        .divide(BigInteger.TEN);
  }

  private static BigInteger gas(TransactionAttempt attempt) {
    return new BigInteger(attempt.getMaxFeePerGas()).multiply(BigInteger.valueOf(21_000));
  }

  private BigInteger charged(SigningRequest request) {
    return new BigInteger(
        text(
            "SELECT sum(amount) FROM policy.reservation WHERE NOT released AND request = '%s'",
            request));
  }

  private void assertScopesAreRight() {
    assertThat(
            text(
                """
                SELECT count(*) FROM policy.scope WHERE spent IS DISTINCT FROM (
                  SELECT coalesce(sum(amount), 0) FROM policy.reservation
                  WHERE scope = id AND NOT released AND at > horizon)
                """))
        .isEqualTo("0");
  }

  /// What left it is what the cancellation burnt, and nothing is missing.
  private void assertItsBalanceIsExplained(String wallet) {
    String last =
        " FROM vault.balance WHERE wallet = '%s' AND superseded_at IS NULL".formatted(wallet)
            + " AND asset = 'slip44:60' ORDER BY number DESC LIMIT 1";
    await().until(() -> texts("SELECT mined" + last).equals(List.of("1")));
    assertThat(text("SELECT amount = expected" + last)).isEqualTo("t");
  }

  /// The wallet's next request goes through with the next nonce.
  private void assertNothingIsLost(String wallet) {
    SigningRequest next = broadcast(wallet, payee());
    assertThat(next.getNonce()).isEqualTo(1);
    assertThat(mined(next).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  /// The types of the entries about it, each proven by the log's key.
  private List<String> logged(SigningRequest request) {
    VerifierKey key =
        VerifierKey.parse(
            audit
                .audit()
                .getCheckpoint(GetCheckpointRequest.getDefaultInstance())
                .getVerifierKey());
    return desk
        .signing()
        .getSigningRequest(
            GetSigningRequestRequest.newBuilder().setId(request.getId()).setWithProof(true).build())
        .getAuditProofsList()
        .stream()
        .map(LogProof::parse)
        .peek(proof -> assertThat(proof.check(key)).isInstanceOf(LogProof.Verdict.Proven.class))
        .map(proof -> EntryDecoder.decode(proof.entry().toArray()).type())
        .toList();
  }

  private String text(String sql, SigningRequest request) {
    return text(sql.formatted(request.getId()));
  }

  private List<String> texts(String sql) {
    return database.withHandle(handle -> handle.select(sql).mapTo(String.class).list());
  }

  private String text(String sql) {
    return database.withHandle(handle -> handle.select(sql).mapTo(String.class).one());
  }
}
