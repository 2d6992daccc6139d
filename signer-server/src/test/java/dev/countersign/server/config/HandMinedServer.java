package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.CancelSigningRequestRequest;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.api.v1.GetSigningRequestRequest;
import dev.countersign.api.v1.GetWalletRequest;
import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
import dev.countersign.api.v1.TransactionAttempt;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.entry.EntryDecoder;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.freeze.FreezeReason;
import dev.countersign.core.freeze.FreezeScope;
import dev.countersign.core.pipeline.PipelineObserver;
import dev.countersign.core.pipeline.PipelineParts;
import dev.countersign.core.pipeline.ReplacementObserver;
import dev.countersign.core.pipeline.ReplacementParts;
import dev.countersign.core.pipeline.Replacements;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.port.ReplacementPricer;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.freeze.FreezeStore;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import io.grpc.StatusRuntimeException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// A server and a chain that mines when a test says so; and what tests of transactions that wait
/// ask of them.
final class HandMinedServer implements AutoCloseable {
  static final BigInteger ETHER = BigInteger.TEN.pow(18);
  static final BigInteger AMOUNT = BigInteger.valueOf(1_000_000_007L);
  static final Actor DESK = new Actor(Actor.Kind.CLIENT, "desk", "test");

  private final ServerHome home;
  private final Jdbi database;
  private final DevChain chain;
  private final RunningServer server;
  private final Calls desk;
  private final Calls custody;
  private final Calls audit;
  private int names;

  HandMinedServer(Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain)
      throws InterruptedException {
    this.home = new ServerHome(directory, database, token, chain);
    this.database = Jdbi.create(database.dataSource());
    this.chain = chain;
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
          - name: logins
            effect: ALLOW
            initiators: [desk]
            wallets: any
            chains: any
            operations: [personal-message]
            assets: any
            destinations: any
            maximumGasCost: any
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

  DevChain chain() {
    return chain;
  }

  RunningServer server() {
    return server;
  }

  Calls desk() {
    return desk;
  }

  @Override
  public void close() {
    List.of(desk, custody, audit).forEach(Calls::close);
    server.close();
  }

  void freeze(String wallet) {
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

  ReplacementPricer pricer() {
    return server.part(ReplacementParts.class).pricer();
  }

  /// Another instance, whose keys sign after `before` has run.
  Replacements replacements(SteppingKeys.Step before, ReplacementPricer pricer) {
    ReplacementParts real = server.part(ReplacementParts.class);
    return new Replacements(
        new ReplacementParts(parts(before), real.payloads(), real.policy(), pricer, real.terms()),
        ReplacementObserver.NONE);
  }

  SigningPipeline pipeline(SteppingKeys.Step before) {
    return new SigningPipeline(
        parts(before), SigningPipeline.Limits.DEFAULT, PipelineObserver.NONE);
  }

  private PipelineParts parts(SteppingKeys.Step before) {
    PipelineParts real = server.part(PipelineParts.class);
    return new PipelineParts(
        real.unitOfWork(),
        real.requests(),
        real.wallets(),
        real.chains(),
        real.pricer(),
        real.policy(),
        real.freezes(),
        real.nonces(),
        new SteppingKeys(real.backends(), before),
        real.audit(),
        real.broadcaster(),
        real.clock(),
        real.random());
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }

  String wallet() {
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

  /// The account of a wallet, with its checksum.
  String account(String wallet) {
    return custody
        .wallets()
        .getWallet(GetWalletRequest.newBuilder().setId(wallet).build())
        .getWallet()
        .getAddress();
  }

  String address(String wallet) {
    return text(
        "SELECT address FROM nonce.transaction t JOIN signer.request r ON r.id = t.request_id"
            + " WHERE r.wallet = '"
            + wallet
            + "' LIMIT 1");
  }

  /// Who has nothing yet.
  String payee() {
    return "0x%040x".formatted(0x7000_0000_0000L + ++names);
  }

  SignTransactionRequest payment(String wallet, String payee, MarketFees fees) {
    return SignTransactionRequest.newBuilder()
        .setRequestId("ask-" + ++names)
        .setWallet(wallet)
        .setChain("eip155:" + chain.chainId())
        .setNativeTransfer(NativeTransfer.newBuilder().setTo(payee).setAmount(AMOUNT.toString()))
        .setMarketFees(fees)
        .build();
  }

  SigningRequest broadcast(String wallet, String payee) {
    return broadcast(wallet, payee, MarketFees.getDefaultInstance());
  }

  SigningRequest broadcast(String wallet, String payee, MarketFees fees) {
    SigningRequest signed =
        desk.signing().signTransaction(payment(wallet, payee, fees)).getRequest();
    assertThat(signed.getState()).isEqualTo(State.STATE_SIGNED);
    await().until(() -> get(signed).getState() == State.STATE_BROADCAST);
    return get(signed);
  }

  SigningRequest get(SigningRequest request) {
    return desk.signing()
        .getSigningRequest(GetSigningRequestRequest.newBuilder().setId(request.getId()).build())
        .getRequest();
  }

  /// A request by the name that its client gave it.
  SigningRequest named(String name) {
    return desk.signing()
        .getSigningRequest(GetSigningRequestRequest.newBuilder().setRequestId(name).build())
        .getRequest();
  }

  SigningRequest speedUp(SigningRequest request) {
    return desk.signing()
        .speedUpSigningRequest(
            SpeedUpSigningRequestRequest.newBuilder().setId(request.getId()).build())
        .getRequest();
  }

  String refused(SpeedUpSigningRequestRequest request) {
    return String.valueOf(
        catchThrowableOfType(
                StatusRuntimeException.class, () -> desk.signing().speedUpSigningRequest(request))
            .getStatus()
            .getDescription());
  }

  SigningRequest cancel(SigningRequest request) {
    return desk.signing()
        .cancelSigningRequest(
            CancelSigningRequestRequest.newBuilder().setId(request.getId()).build())
        .getRequest();
  }

  SigningRequest mined(SigningRequest request) {
    chain.rpc().mine(1);
    return desk.signing()
        .waitSigningRequest(WaitSigningRequestRequest.newBuilder().setId(request.getId()).build())
        .getRequest();
  }

  dev.countersign.core.request.SigningRequest stored(SigningRequest request) {
    return server
        .part(PipelineParts.class)
        .requests()
        .find(SigningRequestId.parse(request.getId()))
        .orElseThrow();
  }

  void awaitInPool(String hash) {
    await().until(() -> chain.rpc().call("eth_getTransactionByHash", hash).isObject());
  }

  /// The answer to its last broadcast is recorded: it is not sent again for a while.
  void awaitTaken(SigningRequest request) {
    await()
        .until(
            () ->
                text(
                        "SELECT due_at > now() + interval '11 s' FROM nonce.transaction"
                            + " WHERE request_id = '%s'",
                        request)
                    .equals("t"));
  }

  String raw(SigningRequest request) {
    return text(
        "SELECT '0x' || encode(signed, 'hex') FROM nonce.transaction WHERE request_id = '%s'",
        request);
  }

  static BigInteger tenth(String fee) {
    return new BigInteger(fee)
        .multiply(BigInteger.valueOf(11))
        .add(BigInteger.valueOf(9))
        .divide(BigInteger.TEN);
  }

  static BigInteger gas(TransactionAttempt attempt) {
    return new BigInteger(attempt.getMaxFeePerGas()).multiply(BigInteger.valueOf(21_000));
  }

  BigInteger charged(SigningRequest request) {
    return new BigInteger(
        text(
            "SELECT sum(amount) FROM policy.reservation WHERE NOT released AND request = '%s'",
            request));
  }

  void assertScopesAreRight() {
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
  void assertItsBalanceIsExplained(String wallet) {
    String last =
        " FROM vault.balance WHERE wallet = '%s' AND superseded_at IS NULL".formatted(wallet)
            + " AND asset = 'slip44:60' ORDER BY number DESC LIMIT 1";
    await().until(() -> texts("SELECT mined" + last).equals(List.of("1")));
    assertThat(text("SELECT amount = expected" + last)).isEqualTo("t");
  }

  /// The wallet's next request goes through with the next nonce.
  void assertNothingIsLost(String wallet) {
    SigningRequest next = broadcast(wallet, payee());
    assertThat(next.getNonce()).isEqualTo(1);
    assertThat(mined(next).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  /// The types of the entries about it, each proven by the log's key.
  List<String> logged(SigningRequest request) {
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

  String text(String sql, SigningRequest request) {
    return text(sql.formatted(request.getId()));
  }

  List<String> texts(String sql) {
    return database.withHandle(handle -> handle.select(sql).mapTo(String.class).list());
  }

  String text(String sql) {
    return database.withHandle(handle -> handle.select(sql).mapTo(String.class).one());
  }
}
