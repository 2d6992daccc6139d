package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.BalanceObservation;
import dev.countersign.api.v1.ContractCall;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.EntryFilter;
import dev.countersign.api.v1.Erc20Transfer;
import dev.countersign.api.v1.FrozenScope;
import dev.countersign.api.v1.ListBalanceChangesRequest;
import dev.countersign.api.v1.ListBalancesRequest;
import dev.countersign.api.v1.ListFreezesRequest;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.Vault;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.api.v1.Wallet;
import dev.countersign.api.v1.WalletBalance;
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
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What wallets have, read from a real chain, and held against what the server signed. Each test
/// has a wallet of its own, as alarms freeze it.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class BalanceIT {
  private static final String PAYEE = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final String THIEF = "0x8617e340b3d1fa5f411f306f4090fd116d649dd7";
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final BigInteger TOKENS = BigInteger.valueOf(1_000_000);

  private final ServerHome home;
  private final ChainRpc chain;
  private final String chainId;
  private String token = "";
  private RunningServer server;
  private Calls desk;
  private Calls custody;
  private Calls auditor;
  private int requests;

  BalanceIT(
      @TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.home = new ServerHome(directory, database, token, chain);
    this.chain = chain.rpc();
    this.chainId = "eip155:" + chain.chainId();
  }

  @BeforeAll
  void start() throws InterruptedException {
    token = chain.deployTestToken(THIEF, TOKENS.multiply(BigInteger.TEN));
    home.file(
        "chains/dev.yaml",
        """
        id: %s
        name: Development chain
        nativeSymbol: ETH
        feeModel: eip1559
        endpoints: ["%s"]
        confirmations: 1
        pollInterval: 50ms
        balanceInterval: 100ms
        tokens: ["%s"]
        """
            .formatted(chainId, home.chain().rpcUrl(), token));
    home.file(
        "policy.yaml",
        """
        format: countersign/policy/v1
        rules:
          - {name: pay, effect: ALLOW, initiators: [desk], wallets: any, chains: any,
             operations: [native-transfer], assets: [native], destinations: any,
             maximum: 100 ether, maximumGasCost: 1 ether}
          - {name: tokens, effect: ALLOW, initiators: [desk], wallets: any, chains: any,
             operations: [erc20-transfer, erc20-approve], assets: ["%s/erc20:%s"],
             destinations: any, maximum: 100000000, maximumGasCost: 1 ether}
        breakers:
          - {name: stolen, scope: wallet, counts: unexplained-decrease, asset: any, maximum: 0,
             window: PT1H}
          - {name: drained, scope: wallet, counts: balance-drop, asset: native,
             maximum: 50%% of balance, window: PT1H}
        """
            .formatted(chainId, token));
    server = home.start();
    desk = calls("desk");
    custody = calls("custody");
    auditor = calls("auditor");
    custody
        .wallets()
        .createVault(
            CreateVaultRequest.newBuilder()
                .setVault(
                    Vault.newBuilder().setId("main").setTier(Vault.Tier.TIER_HOT).setName("Main"))
                .build());
  }

  private Calls calls(String client) {
    return new Calls(server.grpcPort(), home.authority().pem(), home.identity(client));
  }

  @AfterAll
  void stop() {
    chain.call("evm_setAutomine", true);
    List.of(desk, custody, auditor).forEach(Calls::close);
    server.close();
  }

  @Test
  void whatWeSendExplainsItselfToTheWeiAlsoWhenItReverts() {
    Wallet wallet = funded("explained");
    confirmed(transfer(wallet, ETHER), State.STATE_CONFIRMED);

    // Both can be paid for as long as neither is mined.
    chain.call("evm_setAutomine", false);
    SigningRequest first = tokens(wallet, TOKENS);
    SigningRequest second = tokens(wallet, TOKENS);
    await("both in the pool", () -> pooled(first) && pooled(second));
    chain.mine(1);
    chain.call("evm_setAutomine", true);
    confirmed(first, State.STATE_CONFIRMED);
    confirmed(second, State.STATE_FAILED);
    caughtUp();

    assertThat(balance(wallet, false)).isEqualTo(chain.balance(wallet.getAddress()));
    assertThat(balance(wallet, true)).isZero();
    List<BalanceObservation> changes = changes(wallet, false);
    assertThat(changes.stream().filter(one -> one.getDifference().equals("0")).toList())
        .as("two that spent ether, one that moved tokens, and perhaps more blocks")
        .hasSizeGreaterThanOrEqualTo(3);
    assertThat(changes.stream().filter(one -> one.getDifference().startsWith("-"))).isEmpty();
    assertThat(frozen(wallet)).isEmpty();
  }

  @Test
  void oneWeiThatGoesWithoutUsIsAnAlarmAndFreezes() {
    Wallet wallet = funded("robbed");
    BigInteger before = chain.balance(wallet.getAddress());
    chain.setBalance(wallet.getAddress(), before.subtract(BigInteger.ONE));
    chain.mine(1);
    await("frozen", () -> !frozen(wallet).isEmpty());

    assertThat(changes(wallet, true))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.getAsset()).isEqualTo(chainId + "/slip44:60");
              assertThat(one.getExpected()).isEqualTo(before.toString());
              assertThat(one.getDifference()).isEqualTo("-1");
              assertThat(one.getSinceBlock()).isLessThan(one.getBlock());
            });
    assertThat(frozen(wallet).getFirst())
        .satisfies(
            freeze -> {
              assertThat(freeze.getFrozenBy()).isEqualTo("breakers");
              assertThat(freeze.getReason())
                  .startsWith("breaker stolen: 1 of " + chainId + "/slip44:60 left robbed");
            });
    assertThat(transfer(wallet, BigInteger.ONE).getDecision().getRule()).isEqualTo("frozen");
    var entries =
        auditor
            .audit()
            .searchEntries(
                SearchEntriesRequest.newBuilder()
                    .setFilter(
                        EntryFilter.newBuilder()
                            .setType("balance-unexplained")
                            .setWallet(wallet.getId()))
                    .build());
    assertThat(entries.getEntriesCount()).isEqualTo(1);
  }

  @Test
  void whatAnApprovedSpenderTakesIsAnAlarm() {
    Wallet wallet = funded("approved");
    String approve = "0x095ea7b3" + word(THIEF) + word(TOKENS);
    confirmed(
        sign(
            wallet,
            SignTransactionRequest.newBuilder()
                .setContractCall(ContractCall.newBuilder().setTo(token).setData(bytes(approve)))),
        State.STATE_CONFIRMED);
    caughtUp();
    assertThat(changes(wallet, true)).as("an allowance moves nothing").isEmpty();

    chain.send(
        THIEF,
        token,
        "0x23b872dd" + word(wallet.getAddress()) + word(THIEF) + word(BigInteger.valueOf(7)));
    await("frozen", () -> !frozen(wallet).isEmpty());
    assertThat(changes(wallet, true))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.getAsset()).isEqualTo(chainId + "/erc20:" + token);
              assertThat(one.getDifference()).isEqualTo("-7");
            });
    assertThat(frozen(wallet).getFirst().getReason()).startsWith("breaker stolen: 7 of ");
  }

  @Test
  void aTransactionThatWeDidNotSignIsAnAlarm() {
    Wallet wallet = funded("foreign");
    chain.send(wallet.getAddress(), PAYEE, "0x");
    await("frozen", () -> !frozen(wallet).isEmpty());
    assertThat(changes(wallet, true))
        .singleElement()
        .satisfies(one -> assertThat(one.getDifference()).startsWith("-"));
  }

  @Test
  void aDropFreezesAlsoWhenWeExplainIt() {
    Wallet wallet = funded("drained");
    confirmed(transfer(wallet, ETHER.multiply(BigInteger.valueOf(4))), State.STATE_CONFIRMED);
    caughtUp();
    assertThat(frozen(wallet)).isEmpty();
    confirmed(transfer(wallet, ETHER), State.STATE_CONFIRMED);
    await("frozen", () -> !frozen(wallet).isEmpty());
    assertThat(frozen(wallet).getFirst().getReason())
        .startsWith(
            "breaker drained: %s/slip44:60 of drained fell from %s in block"
                .formatted(chainId, ETHER.multiply(BigInteger.TEN)))
        .endsWith("at most 50% of balance");
    assertThat(changes(wallet, true)).isEmpty();
  }

  @Test
  void aReorganisationIsNoAlarm() {
    Wallet wallet = funded("reorganised");
    chain.mine(6);
    caughtUp();
    confirmed(transfer(wallet, ETHER), State.STATE_CONFIRMED);
    caughtUp();
    BigInteger after = chain.balance(wallet.getAddress());
    chain.call("anvil_reorg", 3, List.of());
    chain.mine(1);
    caughtUp();
    assertThat(balance(wallet, false)).isEqualTo(chain.balance(wallet.getAddress()));
    assertThat(changes(wallet, false).stream().filter(BalanceObservation::getSuperseded))
        .singleElement()
        .satisfies(one -> assertThat(one.getAmount()).isEqualTo(after.toString()));
    assertThat(changes(wallet, true)).isEmpty();
    assertThat(frozen(wallet)).isEmpty();
  }

  @Test
  void balancesAreForThoseWhoMayReadThem() {
    Wallet wallet = funded("read");
    assertThat(balances(desk, wallet)).isEqualTo(balances(auditor, wallet)).hasSize(2);
    Assertions.assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () -> desk.wallets().listBalanceChanges(ListBalanceChangesRequest.getDefaultInstance()))
        .extracting(error -> error.getStatus().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    Assertions.assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                auditor
                    .wallets()
                    .listBalances(ListBalancesRequest.newBuilder().setChain("1").build()))
        .extracting(error -> error.getStatus().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    var page =
        auditor
            .wallets()
            .listBalanceChanges(
                ListBalanceChangesRequest.newBuilder()
                    .setWallet(wallet.getId())
                    .setPageSize(1)
                    .build());
    assertThat(page.getChangesCount()).isEqualTo(1);
    var next =
        auditor
            .wallets()
            .listBalanceChanges(
                ListBalanceChangesRequest.newBuilder()
                    .setWallet(wallet.getId())
                    .setPageToken(page.getNextPageToken())
                    .build());
    assertThat(next.getChangesList()).doesNotContain(page.getChanges(0)).isNotEmpty();
  }

  /// A wallet that was seen with 10 ether and a million tokens.
  private Wallet funded(String id) {
    Wallet wallet =
        custody
            .wallets()
            .createWallet(
                CreateWalletRequest.newBuilder().setId(id).setVault("main").setName(id).build())
            .getWallet();
    chain.setBalance(wallet.getAddress(), ETHER.multiply(BigInteger.TEN));
    chain.send(THIEF, token, "0xa9059cbb" + word(wallet.getAddress()) + word(TOKENS));
    await(
        "funds of " + id,
        () ->
            balances(auditor, wallet).stream()
                .map(one -> one.getObservation().getAmount())
                .toList()
                .equals(List.of(ETHER.multiply(BigInteger.TEN).toString(), TOKENS.toString())));
    return wallet;
  }

  private SigningRequest transfer(Wallet wallet, BigInteger wei) {
    return sign(
        wallet,
        SignTransactionRequest.newBuilder()
            .setNativeTransfer(NativeTransfer.newBuilder().setTo(PAYEE).setAmount(wei.toString())));
  }

  private SigningRequest tokens(Wallet wallet, BigInteger amount) {
    return sign(
        wallet,
        SignTransactionRequest.newBuilder()
            .setErc20Transfer(
                Erc20Transfer.newBuilder()
                    .setToken(token)
                    .setTo(PAYEE)
                    .setAmount(amount.toString())));
  }

  private SigningRequest sign(Wallet wallet, SignTransactionRequest.Builder request) {
    return desk.signing()
        .signTransaction(
            request
                .setRequestId("balance-" + ++requests)
                .setWallet(wallet.getId())
                .setChain(chainId)
                .build())
        .getRequest();
  }

  private boolean pooled(SigningRequest request) {
    return chain.call("eth_getTransactionByHash", request.getTransactionHash()).isObject();
  }

  private void confirmed(SigningRequest request, State state) {
    assertThat(request.getState())
        .as(request.getDecision().getReason())
        .isEqualTo(State.STATE_SIGNED);
    assertThat(
            desk.signing()
                .waitSigningRequest(
                    WaitSigningRequestRequest.newBuilder()
                        .setId(request.getId())
                        .setUntil(State.STATE_CONFIRMED)
                        .build())
                .getRequest()
                .getState())
        .isEqualTo(state);
  }

  /// Until balances are those of the newest block.
  private void caughtUp() {
    await(
        "the newest block",
        () ->
            auditor
                .wallets()
                .listBalances(ListBalancesRequest.getDefaultInstance())
                .getBalancesList()
                .stream()
                .allMatch(
                    one ->
                        one.getConfirmedBlockHash()
                            .equals(
                                chain
                                    .call("eth_getBlockByNumber", "latest", false)
                                    .path("hash")
                                    .asText())));
  }

  private List<WalletBalance> balances(Calls client, Wallet wallet) {
    return client
        .wallets()
        .listBalances(
            ListBalancesRequest.newBuilder().setWallet(wallet.getId()).setChain(chainId).build())
        .getBalancesList()
        .stream()
        .map(one -> one.toBuilder().clearConfirmedTime().build())
        .toList();
  }

  private BigInteger balance(Wallet wallet, boolean ofToken) {
    return new BigInteger(
        balances(auditor, wallet).get(ofToken ? 1 : 0).getObservation().getAmount());
  }

  private List<BalanceObservation> changes(Wallet wallet, boolean unexplained) {
    return auditor
        .wallets()
        .listBalanceChanges(
            ListBalanceChangesRequest.newBuilder()
                .setWallet(wallet.getId())
                .setUnexplainedOnly(unexplained)
                .build())
        .getChangesList();
  }

  private List<FrozenScope> frozen(Wallet wallet) {
    return auditor
        .admin()
        .listFreezes(ListFreezesRequest.getDefaultInstance())
        .getFreezesList()
        .stream()
        .filter(freeze -> freeze.getScope().equals("wallet:" + wallet.getId()))
        .toList();
  }

  private static String word(String address) {
    return "0".repeat(24) + address.substring(2);
  }

  private static String word(BigInteger number) {
    return "%064x".formatted(number);
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex.substring(2)));
  }

  private static void await(String what, BooleanSupplier until) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!until.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(what, e);
      }
    }
  }
}
