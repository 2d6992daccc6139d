package dev.countersign.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.BatchItem;
import dev.countersign.api.v1.BatchResult;
import dev.countersign.api.v1.ContractCall;
import dev.countersign.api.v1.CreateVaultRequest;
import dev.countersign.api.v1.CreateWalletRequest;
import dev.countersign.api.v1.EntryFilter;
import dev.countersign.api.v1.NativeTransfer;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.api.v1.SignMessageRequest;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SignTypedDataRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.SubmitBatchRequest;
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
import io.grpc.protobuf.StatusProto;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Batches of submissions over gRPC, with everything real.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class BatchIT {
  private static final String PAYEE = "0x52908400098527886E0F7030069857D2E4169EE7";
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);
  private static final String TYPED =
      """
      {"types": {"EIP712Domain": [{"name": "name", "type": "string"}],
         "Order": [{"name": "amount", "type": "uint256"}]},
       "primaryType": "Order", "domain": {"name": "Shop"}, "message": {"amount": "7"}}
      """;

  private final ServerHome home;
  private final String chainId;
  private RunningServer server;
  private Calls desk;
  private Calls custody;
  private Calls auditor;

  BatchIT(@TempDir Path directory, PostgresDatabase database, SoftHsmToken token, DevChain chain) {
    this.home = new ServerHome(directory, database, token, chain);
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
             maximum: 1 ether, maximumGasCost: 1 ether}
          - {name: sign, effect: ALLOW, initiators: [desk], wallets: any, chains: any,
             operations: [personal-message, typed-message], assets: any, destinations: any,
             maximumGasCost: any}
        """);
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
    List.of(desk, custody, auditor).forEach(Calls::close);
    server.close();
  }

  @Test
  void eachItemIsARequestOfItsOwnAndNoncesFollowTheItems() {
    Wallet one = funded("one");
    Wallet two = funded("two");
    List<BatchItem> items = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      items.add(transfer(one, "mixed-one-" + i, "1"));
      items.add(transfer(two, "mixed-two-" + i, "1"));
    }
    items.add(message(one, "mixed-message"));
    items.add(typed(two, "mixed-typed"));

    List<BatchResult> results = submit(items);

    assertThat(results).extracting(BatchResult::getRequestId).isEqualTo(ids(items));
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.getRequest().getState()).isEqualTo(State.STATE_SIGNED);
              assertThat(result.getRequest().getRequestId()).isEqualTo(result.getRequestId());
            });
    for (Wallet wallet : List.of(one, two)) {
      assertThat(
              results.stream()
                  .map(BatchResult::getRequest)
                  .filter(request -> request.hasNonce())
                  .filter(request -> request.getWallet().equals(wallet.getId()))
                  .map(request -> request.getNonce()))
          .isEqualTo(IntStream.range(0, 20).mapToObj(Long::valueOf).toList());
    }
    assertThat(results.get(40).getRequest().getSignature().size()).isEqualTo(65);
    assertThat(results.get(41).getRequest().getSignature().size()).isEqualTo(65);
    assertThat(
            desk.signing()
                .waitSigningRequest(
                    WaitSigningRequestRequest.newBuilder().setRequestId("mixed-one-19").build())
                .getRequest()
                .getState())
        .isEqualTo(State.STATE_CONFIRMED);

    assertThat(submit(items))
        .extracting(result -> result.getRequest().getId())
        .isEqualTo(results.stream().map(result -> result.getRequest().getId()).toList());
  }

  @Test
  void whatIsWrongDeniedOrRefusedChangesNothingForTheOthers() {
    Wallet wallet = funded("faulty");
    Wallet poor =
        custody
            .wallets()
            .createWallet(
                CreateWalletRequest.newBuilder()
                    .setId("poor")
                    .setVault("main")
                    .setName("Poor")
                    .build())
            .getWallet();
    int before = refusals();
    BatchItem used = transfer(wallet, "faulty-used", "1");
    assertThat(submit(List.of(used)).getFirst().hasRequest()).isTrue();

    List<BatchResult> results =
        submit(
            List.of(
                transfer(wallet, "faulty-first", "1"),
                transfer(wallet, "faulty-amount", "-1"),
                transfer(wallet, "faulty-denied", ETHER.add(BigInteger.ONE).toString()),
                transfer(wallet, "faulty-used", "2"),
                transfer(poor, "faulty-poor", "1"),
                edited(transfer(wallet, "faulty-wallet", "1"), t -> t.setWallet("nobodys")),
                edited(transfer(wallet, "faulty-dry", "1"), t -> t.setValidateOnly(true)),
                edited(transfer(wallet, "faulty-proof", "1"), t -> t.setWithProof(true)),
                edited(
                    transfer(wallet, "faulty-large", "1"),
                    t ->
                        t.setContractCall(
                            ContractCall.newBuilder()
                                .setTo(PAYEE)
                                .setData(ByteString.copyFrom(new byte[300_000])))),
                BatchItem.getDefaultInstance(),
                transfer(wallet, "", "1"),
                transfer(wallet, "faulty-last", "1")));

    assertThat(results.stream().map(result -> result.getError().getReason()))
        .containsExactly(
            "",
            "INVALID_AMOUNT",
            "",
            "REQUEST_ID_REUSED",
            "INSUFFICIENT_FUNDS",
            "UNKNOWN_WALLET",
            "MALFORMED",
            "MALFORMED",
            "TOO_LARGE",
            "MALFORMED",
            "MALFORMED",
            "");
    assertThat(results.get(1).getError().getField()).isEqualTo("native_transfer.amount");
    assertThat(results.get(1).getError().getRetryable()).isFalse();
    assertThat(results.get(4).getError().getRetryable()).isTrue();
    assertThat(results.get(2).getRequest().getState()).isEqualTo(State.STATE_DENIED);
    assertThat(results.get(2).getRequest().getDecision().getReason()).contains("maximum");
    assertThat(results.get(0).getRequest().getNonce()).isEqualTo(1);
    assertThat(results.get(11).getRequest().getNonce()).isEqualTo(2);
    assertThat(refusals() - before).isEqualTo(9);
  }

  @Test
  void whatIsNoBatchIsRefusedAsAWhole() {
    Wallet wallet = funded("whole");
    refused(List.of(), "MALFORMED", "a batch of 0, expected 1 to 100");
    refused(
        IntStream.range(0, 101).mapToObj(i -> transfer(wallet, "many-" + i, "1")).toList(),
        "MALFORMED",
        "a batch of 101, expected 1 to 100");
    refused(
        List.of(
            transfer(wallet, "twice", "1"),
            message(wallet, "other"),
            transfer(wallet, "twice", "1")),
        "MALFORMED",
        "the request_id of an item before it");
    BatchItem large =
        edited(
            transfer(wallet, "large", "1"),
            t ->
                t.setContractCall(
                    ContractCall.newBuilder()
                        .setTo(PAYEE)
                        .setData(ByteString.copyFrom(new byte[1_100_000]))));
    refused(List.of(transfer(wallet, "small", "1"), large), "TOO_LARGE", "at most 1048576");
    assertThat(submit(List.of(transfer(wallet, "twice", "1"))).getFirst().getRequest().getNonce())
        .isZero();
  }

  @Test
  void onlyWhoMayAskForOneMayAskForMany() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> auditor.signing().submitBatch(SubmitBatchRequest.getDefaultInstance()))
        .extracting(error -> error.getStatus().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  private void refused(List<BatchItem> items, String reason, String message) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> submit(items))
        .withMessageContaining(message)
        .extracting(
            error ->
                Objects.requireNonNull(StatusProto.fromThrowable(error)).getDetails(0).toString())
        .asString()
        .contains(reason);
  }

  private List<BatchResult> submit(List<BatchItem> items) {
    return desk.signing()
        .submitBatch(SubmitBatchRequest.newBuilder().addAllItems(items).build())
        .getResultsList();
  }

  private static List<String> ids(List<BatchItem> items) {
    return items.stream()
        .map(
            item ->
                item.hasTransaction()
                    ? item.getTransaction().getRequestId()
                    : item.hasMessage()
                        ? item.getMessage().getRequestId()
                        : item.getTypedData().getRequestId())
        .toList();
  }

  private BatchItem transfer(Wallet wallet, String id, String amount) {
    return BatchItem.newBuilder()
        .setTransaction(
            SignTransactionRequest.newBuilder()
                .setRequestId(id)
                .setWallet(wallet.getId())
                .setChain(chainId)
                .setNativeTransfer(NativeTransfer.newBuilder().setTo(PAYEE).setAmount(amount)))
        .build();
  }

  private static BatchItem edited(BatchItem item, Consumer<SignTransactionRequest.Builder> edit) {
    SignTransactionRequest.Builder transaction = item.getTransaction().toBuilder();
    edit.accept(transaction);
    return item.toBuilder().setTransaction(transaction).build();
  }

  private BatchItem message(Wallet wallet, String id) {
    return BatchItem.newBuilder()
        .setMessage(
            SignMessageRequest.newBuilder()
                .setRequestId(id)
                .setWallet(wallet.getId())
                .setChain(chainId)
                .setMessage(ByteString.copyFromUtf8("hello")))
        .build();
  }

  private BatchItem typed(Wallet wallet, String id) {
    return BatchItem.newBuilder()
        .setTypedData(
            SignTypedDataRequest.newBuilder()
                .setRequestId(id)
                .setWallet(wallet.getId())
                .setChain(chainId)
                .setTypedData(TYPED))
        .build();
  }

  private int refusals() {
    return auditor
        .audit()
        .searchEntries(
            SearchEntriesRequest.newBuilder()
                .setFilter(EntryFilter.newBuilder().setType("request-refused"))
                .setPageSize(500)
                .build())
        .getEntriesList()
        .size();
  }

  private Wallet funded(String id) {
    Wallet wallet =
        custody
            .wallets()
            .createWallet(
                CreateWalletRequest.newBuilder().setId(id).setVault("main").setName(id).build())
            .getWallet();
    home.chain().rpc().setBalance(wallet.getAddress(), ETHER.multiply(BigInteger.TEN));
    return wallet;
  }
}
