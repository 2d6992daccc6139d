package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.NativeTransfer;
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
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests that one by one could be paid for, on a chain that takes its time.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class FundsInFlightIT {
  private static final String PAYEE = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  /// 0.09 ether: with any fees there are here, eleven of them fit into one ether.
  private static final BigInteger EACH = BigInteger.valueOf(9).multiply(BigInteger.TEN.pow(16));

  private static final int FIT = 11;
  private static final int ASKED = 40;

  private final ServerHome home;
  private final Jdbi database;
  private RunningServer server;
  private Calls desk;
  private Wallet wallet;

  FundsInFlightIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.home = new ServerHome(directory, database, token, chain);
    this.database = Jdbi.create(database.dataSource());
  }

  @BeforeAll
  void start() throws InterruptedException {
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
            maximumGasCost: 1 ether
            limits: [{name: hourly, maximum: 1000 ether, window: PT1H}]
        """);
    server = home.start();
    desk = new Calls(server.grpcPort(), home.authority().pem(), home.identity("desk"));
    try (Calls custody =
        new Calls(server.grpcPort(), home.authority().pem(), home.identity("custody"))) {
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
                      .setId("funds-it")
                      .setVault("main")
                      .setName("Hot")
                      .build())
              .getWallet();
    }
  }

  @AfterAll
  void stop() {
    home.chain().rpc().call("evm_setAutomine", true);
    desk.close();
    server.close();
  }

  @Test
  void signsOfManyAtOnceExactlyThoseThatCanBePaidForTogether() throws Exception {
    home.chain().rpc().call("evm_setAutomine", false);
    home.chain().rpc().setBalance(wallet.getAddress(), ETHER);

    List<SigningRequest> signed = new ArrayList<>();
    List<StatusRuntimeException> refused = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<SigningRequest>> running = new ArrayList<>();
      for (int i = 0; i < ASKED; i++) {
        SignTransactionRequest request = transfer("many-" + i, EACH);
        running.add(threads.submit(sign(request)));
      }
      for (Future<SigningRequest> future : running) {
        try {
          signed.add(future.get());
        } catch (ExecutionException e) {
          refused.add((StatusRuntimeException) e.getCause());
        }
      }
    }

    assertThat(signed)
        .hasSize(FIT)
        .allSatisfy(request -> assertThat(request.getState()).isEqualTo(State.STATE_SIGNED));
    assertThat(refused)
        .hasSize(ASKED - FIT)
        .allSatisfy(
            error -> {
              assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(error.getStatus().getDescription())
                  .contains("not mined yet")
                  .contains("value " + EACH);
            });
    assertThat(number("SELECT count(*) FROM nonce.transaction")).isEqualTo(FIT);
    assertThat(number("SELECT max(nonce) FROM nonce.transaction")).isEqualTo(FIT - 1);
    assertThat(number("SELECT count(*) FROM signer.request"))
        .as("those refused left a trace")
        .isEqualTo(FIT);
    assertThat(number("SELECT count(*) FROM policy.reservation")).isEqualTo(FIT);

    var dry = transfer("dry", EACH).toBuilder().setValidateOnly(true).build();
    assertThat(
            catchThrowableOfType(
                    StatusRuntimeException.class, () -> desk.signing().signTransaction(dry))
                .getStatus()
                .getDescription())
        .contains("not mined yet");

    home.chain().rpc().call("evm_setAutomine", true);
    home.chain().rpc().call("evm_mine");
    signed.forEach(request -> confirmed(request.getId()));

    // What is mined is no longer in flight, and an id that was refused is not used up.
    home.chain().rpc().setBalance(wallet.getAddress(), ETHER);
    String again = idThatWasRefused(signed);
    confirmed(sign(transfer(again, EACH.multiply(BigInteger.TEN))).call().getId());
  }

  private static String idThatWasRefused(List<SigningRequest> signed) {
    List<String> used = signed.stream().map(SigningRequest::getRequestId).toList();
    for (int i = 0; i < ASKED; i++) {
      if (!used.contains("many-" + i)) {
        return "many-" + i;
      }
    }
    throw new AssertionError("none was refused");
  }

  private void confirmed(String id) {
    var answer =
        desk.signing()
            .waitSigningRequest(
                WaitSigningRequestRequest.newBuilder()
                    .setId(id)
                    .setUntil(State.STATE_CONFIRMED)
                    .build());
    assertThat(answer.getRequest().getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  private Callable<SigningRequest> sign(SignTransactionRequest request) {
    return () ->
        desk.signing()
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .signTransaction(request)
            .getRequest();
  }

  private SignTransactionRequest transfer(String requestId, BigInteger amount) {
    return SignTransactionRequest.newBuilder()
        .setRequestId(requestId)
        .setWallet(wallet.getId())
        .setChain("eip155:" + home.chain().chainId())
        .setNativeTransfer(NativeTransfer.newBuilder().setTo(PAYEE).setAmount(amount.toString()))
        .build();
  }

  private long number(String sql) {
    return database.withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
  }
}
