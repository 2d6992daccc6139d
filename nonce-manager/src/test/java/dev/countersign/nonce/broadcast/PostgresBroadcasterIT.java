package dev.countersign.nonce.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.replacement.PostgresPayloadLedger;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@DevChainSettings(blockMillis = 200)
@Timeout(60)
class PostgresBroadcasterIT {
  private static final BigInteger ETHER = BigInteger.TEN.pow(18);

  private final DevChain chain;
  private final ChainId chainId;
  private final NonceBench bench;

  PostgresBroadcasterIT(PostgresDatabase database, DevChain chain) {
    this.chain = chain;
    this.chainId = ChainId.ofEip155(chain.chainId());
    this.bench = new NonceBench(database, chainId, List.of(chain.rpcUrl()), 1);
  }

  @BeforeAll
  static void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(25));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void threeInstancesLandEveryTransactionOnceAndInOrder() throws Exception {
    TestAccount account = funded("three");
    List<Instance> instances = List.of(bench.instance(), bench.instance(), bench.instance());
    instances.forEach(instance -> instance.broadcasting().tracking());
    List<SigningRequestId> requests = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          instances.stream()
              .flatMap(i -> List.of(i, i, i, i, i).stream())
              .map(
                  instance ->
                      threads.submit(
                          () -> {
                            var owned = instance.admit(new Lane(chainId, account.address()), 8);
                            instance.settle(account, owned);
                            return owned;
                          }))
              .toList();
      for (var future : running) {
        future.get().forEach(owned -> requests.add(owned.request()));
      }
    }
    await().untilAsserted(() -> assertThat(requests).allMatch(this::isConfirmed));
    assertThat(requests).hasSize(120);
    assertThat(chain.rpc().transactionCount(account.address().hex())).isEqualTo(120);
    requests.forEach(this::assertBroadcastAndConfirmedOnce);
  }

  @Test
  void sendsWhatAnInstanceThatDiedHadRecorded() {
    TestAccount account = funded("died");
    Owned owned = bench.instance().transfer(account, chainId);
    assertThat(bench.state(owned.request())).isEqualTo(RequestState.SIGNED);
    bench.instance().broadcasting().tracking();
    await().until(() -> isConfirmed(owned.request()));
    assertBroadcastAndConfirmedOnce(owned.request());
  }

  @Test
  void sendsAgainWhatAnInstanceDiedOverWhileItWasSending() {
    TestAccount account = funded("claimed");
    Instance dead = bench.instance();
    Owned owned = dead.transfer(account, chainId);
    // Claimed by an instance that is not heard of again.
    bench.owner().useHandle(h -> h.execute("UPDATE nonce.transaction SET due_at = now() + '2 s'"));
    bench.instance().broadcasting().tracking();
    await().during(Duration.ofMillis(500)).until(() -> !isConfirmed(owned.request()));
    await().until(() -> isConfirmed(owned.request()));
  }

  @Test
  void knowsItsOwnTransactionThatWasMinedBeforeTheAnswerWasRecorded() {
    TestAccount account = funded("mined");
    Instance instance = bench.instance();
    Owned owned = instance.transfer(account, chainId);
    SignedTransaction signed = instance.ledger().signed(owned.request()).orElseThrow();
    chain.rpc().call("eth_sendRawTransaction", signed.bytes().hex());
    await().until(() -> chain.rpc().transactionCount(account.address().hex()) == 1);
    instance.broadcasting();
    await().until(() -> bench.state(owned.request()) == RequestState.BROADCAST);
    instance.tracking();
    await().until(() -> isConfirmed(owned.request()));
    assertBroadcastAndConfirmedOnce(owned.request());
  }

  @Test
  void goesOnByItselfAfterTheNodeWasGone() throws Exception {
    TestAccount account = funded("gone");
    Instance instance = bench.instance().broadcasting().tracking();
    Owned before = instance.transfer(account, chainId);
    await().until(() -> isConfirmed(before.request()));
    chain.stop();
    Owned during = instance.transfer(account, chainId);
    Thread.sleep(3_000);
    assertThat(bench.state(during.request())).isEqualTo(RequestState.SIGNED);
    assertThat(bench.text("SELECT last_error FROM nonce.transaction WHERE state = 'SIGNED'"))
        .contains("no node of chain eip155:31337 answers");
    chain.start();
    await().until(() -> isConfirmed(during.request()));
    assertThat(chain.rpc().transactionCount(account.address().hex())).isEqualTo(2);
  }

  @Test
  void aRefusedTransactionKeepsItsNonceAndGoesThroughWhenItCan() {
    TestAccount account = new TestAccount("poor");
    Instance instance = bench.instance().broadcasting().tracking();
    Owned owned = instance.transfer(account, chainId);
    await()
        .until(
            () ->
                bench
                    .text(
                        "SELECT coalesce(last_error, '') FROM nonce.transaction"
                            + " WHERE request_id = '%s'".formatted(owned.request()))
                    .contains("refused: "));
    assertThat(instance.refusals()).containsOnly(ErrorKind.INSUFFICIENT_FUNDS);
    assertThat(bench.state(owned.request())).isEqualTo(RequestState.SIGNED);
    fund(account);
    await().until(() -> isConfirmed(owned.request()));
    assertThat(chain.rpc().transactionCount(account.address().hex())).isEqualTo(1);
  }

  @Test
  void aLateAnswerAboutWhatWasReplacedSaysNothingOfTheNewest() {
    TestAccount account = funded("late answer");
    Instance instance = bench.instance();
    Owned owned = instance.transfer(account, chainId);
    var payloads = new PostgresPayloadLedger(instance.unitOfWork(), InstantSource.system());
    DueTransaction original = claimed(instance);
    ReplacementId id = new ReplacementId(owned.request(), 1);
    UnsignedTransaction faster =
        ReplacementTransactions.speedUp(
            instance
                .ledger()
                .signed(owned.request())
                .flatMap(SignedTransaction::read)
                .orElseThrow()
                .transaction(),
            new Fees(Wei.of(2_000_000_000L), Wei.of(40_000_000_000L), GasLimit.TRANSFER));
    instance
        .unitOfWork()
        .run(
            t -> {
              payloads.lock(t, owned.lane(), owned.request());
              payloads.permit(t, id, PayloadPurpose.SPEED_UP, faster.encode(), faster.mostCost());
              payloads.recordSigned(t, id, account.sign(faster));
            });
    DueTransaction newest = claimed(instance);
    assertThat(newest.payload()).isEqualTo(1);
    record(
        instance,
        new SendQueue.Sent(
            newest,
            false,
            Instant.now().plusSeconds(60),
            "refused: it has to pay more",
            Optional.of(ErrorKind.REPLACEMENT_UNDERPRICED)));
    assertThat(payloads.find(owned.request()).orElseThrow().outbid()).isTrue();

    record(instance, new SendQueue.Sent(original, true, Instant.now().plusSeconds(60), ""));

    assertThat(payloads.find(owned.request()).orElseThrow().outbid()).isTrue();
    assertThat(bench.text("SELECT last_error FROM nonce.transaction"))
        .isEqualTo("refused: it has to pay more");
    assertThat(bench.nonceState(owned.request())).isEqualTo("BROADCAST");
  }

  private DueTransaction claimed(Instance instance) {
    Instant now = Instant.now();
    return instance
        .unitOfWork()
        .<List<DueTransaction>>inTransaction(
            t ->
                SendQueue.claim(
                    t.unwrap(Handle.class),
                    Set.of(chainId),
                    SendQueue.Load.BARE,
                    now,
                    now.plusSeconds(60),
                    10))
        .getFirst();
  }

  private static void record(Instance instance, SendQueue.Sent sent) {
    instance
        .unitOfWork()
        .run(t -> SendQueue.record(t.unwrap(Handle.class), List.of(sent), Instant.now()));
  }

  private boolean isConfirmed(SigningRequestId request) {
    return bench.state(request) == RequestState.CONFIRMED;
  }

  private void assertBroadcastAndConfirmedOnce(SigningRequestId request) {
    List<String> audit = bench.audit(request);
    assertThat(audit).filteredOn(event -> event.startsWith("TransactionConfirmed")).hasSize(1);
    // Mined and tracked before the answer to its broadcast was recorded, it needs no such entry.
    assertThat(audit)
        .filteredOn(event -> event.startsWith("TransactionBroadcast"))
        .hasSizeLessThanOrEqualTo(1);
    assertThat(audit.getLast()).startsWith("TransactionConfirmed").contains("succeeded=true");
  }

  private TestAccount funded(String name) {
    TestAccount account = new TestAccount(name);
    fund(account);
    return account;
  }

  private void fund(TestAccount account) {
    chain.rpc().setBalance(account.address().hex(), ETHER);
  }
}
