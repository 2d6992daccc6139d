package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.Wallet;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.SealKey;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.Intruder;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the server's database login can do by itself: everything that its grants allow, and have
/// nothing signed by it. [#theSameRowsAreSignedWithTheKey] shows that only the seal is in the way.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class DatabaseLoginIT {
  private static final Address THIEF = Address.parse("0x52908400098527886E0F7030069857D2E4169EE7");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  private final ServerHome home;
  private RunningServer server;
  private Calls desk;
  private Wallet wallet;
  private Intruder intruder;
  private long nextNonce = 500;

  DatabaseLoginIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    home = new ServerHome(directory, database, token, chain);
  }

  @BeforeAll
  void start() throws InterruptedException {
    launch();
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
                      .setId("database-login-it")
                      .setVault("main")
                      .setName("Hot")
                      .build())
              .getWallet();
    }
    home.chain().rpc().setBalance(wallet.getAddress(), ETHER.multiply(BigInteger.TEN));
    intruder = home.intruder(wallet);
  }

  @AfterAll
  void stop() {
    desk.close();
    server.close();
  }

  @Test
  void aForgedDecisionIsNotSigned() throws InterruptedException {
    PermitMint own = new PermitMint(SealKey.random(new SecureRandom()));
    SigningRequestId request = anId();
    long nonce = nextNonce++;
    Bytes theft = theft(nonce);

    intruder.admit(request, nonce, theft, intruder.seal(own, request, theft));

    assertNeverSigned(request);
  }

  @Test
  void theSealOfAnotherDecisionIsNoneForThisOne() throws InterruptedException {
    SigningRequest genuine = sign("genuine", "1000");
    assertThat(genuine.getState()).isEqualTo(State.STATE_SIGNED);
    Bytes seal = intruder.sealOf(SigningRequestId.parse(genuine.getId()));
    long nonce = nextNonce++;

    assertNeverSigned(intruder.admit(nonce, theft(nonce), seal));
  }

  @Test
  void aPayloadThatWasSwappedAfterTheDecisionIsNotSigned() throws InterruptedException {
    SigningRequestId request = anId();
    long nonce = nextNonce++;
    Bytes allowed = transfer(nonce, BigInteger.ONE);
    Bytes seal = intruder.seal(home.mint(), request, allowed);

    intruder.admit(request, nonce, theft(nonce), seal);

    assertNeverSigned(request);
  }

  @Test
  void theSameRowsAreSignedWithTheKey() throws InterruptedException {
    SigningRequestId request = anId();
    long nonce = nextNonce++;
    Bytes payload = theft(nonce);

    intruder.admit(request, nonce, payload, intruder.seal(home.mint(), request, payload));

    await(() -> !intruder.text("state", request).equals("ADMITTED"));
    assertThat(intruder.text("state", request)).isIn("SIGNED", "BROADCAST");
  }

  @Test
  void aPolicyThatNobodyActivatedDeniesEverythingUntilOneIs() throws Exception {
    assertThat(sign("before", "1000").getState()).isEqualTo(State.STATE_SIGNED);

    intruder.activate(ServerHome.POLICY.replace("1 ether", "1000 ether"));

    for (BigInteger amount : new BigInteger[] {ETHER.multiply(BigInteger.TWO), BigInteger.ONE}) {
      SigningRequest denied = sign("policy-" + amount, amount.toString());
      assertThat(denied.getState()).isEqualTo(State.STATE_DENIED);
      assertThat(denied.getDecision().getReason()).contains("is not sealed by the permit key");
    }
    assertThat(readiness()).containsPattern("\"policy\":\"[^\"]*is not sealed by the permit key");

    // A start changes nothing: only those who may change the policy do.
    stop();
    launch();
    assertThat(readiness()).containsPattern("\"policy\":\"[^\"]*is not sealed by the permit key");
    home.changePolicy(
        server.grpcPort(), ServerHome.POLICY.replace("description: tests", "description: again"));
    assertThat(readiness()).contains("\"policy\":\"UP\"");
    assertThat(sign("after", "1000").getState()).isEqualTo(State.STATE_SIGNED);
    assertThat(sign("too-much", ETHER.multiply(BigInteger.TWO).toString()).getState())
        .isEqualTo(State.STATE_DENIED);
  }

  /// Waits until resumption has taken it up twice, so that it was refused twice.
  private void assertNeverSigned(SigningRequestId request) throws InterruptedException {
    await(() -> !intruder.text("leased_until", request).equals("none"));
    String first = intruder.text("leased_until", request);
    await(() -> !intruder.text("leased_until", request).equals(first));
    assertThat(intruder.text("state || ' ' || revision", request)).isEqualTo("ADMITTED 2");
    assertThat(intruder.text("transaction_hash", request)).isEqualTo("none");
    assertThat(
            intruder.text(
                "SELECT state || ' ' || coalesce(hash, 'unsigned') FROM nonce.transaction"
                    + " WHERE request_id = r.id",
                request))
        .isEqualTo("OWNED unsigned");
    assertThat(intruder.text("SELECT state FROM policy.decision WHERE request = r.id", request))
        .isEqualTo("RESERVED");
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within " + PATIENCE).isLessThan(end);
      Thread.sleep(100);
    }
  }

  private static SigningRequestId anId() {
    return new SigningRequestId(UUID.randomUUID());
  }

  /// More than the policy allows anybody.
  private Bytes theft(long nonce) {
    return transfer(nonce, ETHER.multiply(BigInteger.valueOf(9)));
  }

  private Bytes transfer(long nonce, BigInteger amount) {
    return UnsignedTransaction.of(
            new ChainId("eip155:" + home.chain().chainId()),
            new Nonce(nonce),
            new Fees(
                new Wei(BigInteger.ONE), new Wei(BigInteger.TEN.pow(10)), new GasLimit(21_000)),
            new Intent.NativeTransfer(THIEF, new Wei(amount)))
        .encode();
  }

  private SigningRequest sign(String requestId, String amount) {
    return desk.signing()
        .signTransaction(
            SignTransactionRequest.newBuilder()
                .setRequestId(requestId)
                .setWallet(wallet.getId())
                .setChain("eip155:" + home.chain().chainId())
                .setNativeTransfer(
                    NativeTransfer.newBuilder().setTo(THIEF.toString()).setAmount(amount))
                .build())
        .getRequest();
  }

  private String readiness() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:%d/health/readiness".formatted(server.httpPort())))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private void launch() throws InterruptedException {
    server = home.start();
    desk = calls("desk");
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }
}
