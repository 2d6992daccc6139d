package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.EntryFilter;
import dev.countersign.api.v1.FrozenScope;
import dev.countersign.api.v1.ListFreezesRequest;
import dev.countersign.api.v1.ListLanesRequest;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.NonceLane;
import dev.countersign.api.v1.ResumeLaneRequest;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.Wallet;
import dev.countersign.server.config.RunningServer;
import dev.countersign.server.harness.Calls;
import dev.countersign.server.harness.ServerHome;
import dev.countersign.testenv.chain.ChainRpc;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What operators see of lanes, and what they can do about one that is paused.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class LaneIT {
  private static final String PAYEE = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  private final ServerHome home;
  private final ChainRpc chain;
  private final String chainId;
  private RunningServer server;
  private Calls desk;
  private Calls custody;
  private Calls auditor;
  private Calls ops;
  private int requests;

  LaneIT(@TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.home = new ServerHome(directory, database, token, chain);
    this.chain = chain.rpc();
    this.chainId = "eip155:" + chain.chainId();
  }

  @BeforeAll
  void start() throws InterruptedException {
    home.file(
        "policy.yaml",
        """
        format: countersign/policy/v1
        rules:
          - {name: pay, effect: ALLOW, initiators: [desk], wallets: any, chains: any,
             operations: [native-transfer], assets: [native], destinations: any,
             maximum: 100 ether, maximumGasCost: 1 ether}
        breakers:
          - {name: stolen-key, scope: vault, counts: foreign-transaction}
        """);
    server = home.start();
    desk = calls("desk");
    custody = calls("custody");
    auditor = calls("auditor");
    ops = calls("ops");
    for (String vault : List.of("main", "other")) {
      custody
          .wallets()
          .createVault(
              CreateVaultRequest.newBuilder()
                  .setVault(
                      Vault.newBuilder().setId(vault).setTier(Vault.Tier.TIER_HOT).setName(vault))
                  .build());
    }
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }

  @AfterAll
  void stop() {
    List.of(desk, custody, auditor, ops).forEach(Calls::close);
    server.close();
  }

  @Test
  void aKeyThatSomebodyElseUsedPausesItsLaneFreezesByPolicyAndGoesOnByAnOperator()
      throws InterruptedException {
    Wallet wallet = funded("used-elsewhere", "main");
    assertThat(transfer(wallet).getState()).isNotEqualTo(State.STATE_DENIED);
    awaitNext(wallet, 1);
    chain.send(wallet.getAddress(), PAYEE, "0x");
    NonceLane paused = awaitPaused(wallet);
    assertThat(paused.getPause().getReason()).isEqualTo("FOREIGN_USE");
    assertThat(paused.getPause().getDetail()).contains("nonce 1 was never used here");
    assertThat(paused.getNextNonce()).isEqualTo(1);
    assertThat(paused.getFrozenScope()).isEqualTo("vault:main");
    assertThat(freezes())
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.getScope()).isEqualTo("vault:main");
              assertThat(freeze.getReason()).startsWith("breaker stolen-key: 2 transactions of");
            });
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> transfer(wallet))
        .withMessageContaining("paused since")
        .withMessageContaining("FOREIGN_USE")
        .extracting(error -> error.getStatus().getCode())
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> auditor.admin().resumeLane(lane(wallet)))
        .extracting(error -> error.getStatus().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    var resumed = ops.admin().resumeLane(lane(wallet));
    assertThat(resumed.getNextNonce()).isEqualTo(2);
    assertThat(resumed.getReason()).isEqualTo("FOREIGN_USE");
    assertThat(find(wallet).hasPause()).isFalse();
    // The freeze stands: it is a quorum's to lift.
    assertThat(transfer(wallet).getState()).isEqualTo(State.STATE_DENIED);
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> ops.admin().resumeLane(lane(wallet)))
        .withMessageContaining("is not paused")
        .extracting(error -> error.getStatus().getCode())
        .isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(entries("foreign-transaction")).isOne();
    assertThat(entries("lane-resumed")).isOne();
  }

  @Test
  void lanesAreListedAndUnknownOnesCannotBeResumed() throws InterruptedException {
    Wallet wallet = funded("plain", "other");
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> ops.admin().resumeLane(lane(wallet)))
        .withMessageContaining("has no lane")
        .extracting(error -> error.getStatus().getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    transfer(wallet);
    awaitNext(wallet, 1);
    NonceLane lane = find(wallet);
    assertThat(lane.getChain()).isEqualTo(chainId);
    assertThat(lane.getAddress()).isEqualTo(wallet.getAddress());
    assertThat(lane.getFreeNoncesList()).isEmpty();
    assertThat(lane.getMostInFlight()).isEqualTo(10_000);
    assertThat(
            auditor
                .admin()
                .listLanes(ListLanesRequest.newBuilder().setChain("eip155:9999").build())
                .getLanesList())
        .isEmpty();
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () -> auditor.admin().listLanes(ListLanesRequest.newBuilder().setChain("1").build()))
        .extracting(error -> error.getStatus().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private ResumeLaneRequest lane(Wallet wallet) {
    return ResumeLaneRequest.newBuilder().setChain(chainId).setWallet(wallet.getId()).build();
  }

  private NonceLane find(Wallet wallet) {
    return auditor.admin().listLanes(ListLanesRequest.getDefaultInstance()).getLanesList().stream()
        .filter(lane -> lane.getWallet().equals(wallet.getId()))
        .findFirst()
        .orElseThrow();
  }

  private void awaitNext(Wallet wallet, long next) throws InterruptedException {
    for (int i = 0; i < 300 && find(wallet).getInFlight() > 0; i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(find(wallet).getNextNonce()).isEqualTo(next);
  }

  /// Lanes in which nothing happens are looked at every 15 seconds.
  private NonceLane awaitPaused(Wallet wallet) throws InterruptedException {
    for (int i = 0; i < 300 && !find(wallet).hasPause(); i++) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return find(wallet);
  }

  private List<FrozenScope> freezes() {
    return auditor.admin().listFreezes(ListFreezesRequest.getDefaultInstance()).getFreezesList();
  }

  private int entries(String type) {
    return auditor
        .audit()
        .searchEntries(
            SearchEntriesRequest.newBuilder()
                .setFilter(EntryFilter.newBuilder().setType(type))
                .build())
        .getEntriesCount();
  }

  private SigningRequest transfer(Wallet wallet) {
    return desk.signing()
        .signTransaction(
            SignTransactionRequest.newBuilder()
                .setRequestId("lane-" + ++requests)
                .setWallet(wallet.getId())
                .setChain(chainId)
                .setNativeTransfer(NativeTransfer.newBuilder().setTo(PAYEE).setAmount("1"))
                .build())
        .getRequest();
  }

  private Wallet funded(String id, String vault) {
    Wallet wallet =
        custody
            .wallets()
            .createWallet(
                CreateWalletRequest.newBuilder().setId(id).setVault(vault).setName(id).build())
            .getWallet();
    chain.setBalance(wallet.getAddress(), ETHER);
    return wallet;
  }
}
