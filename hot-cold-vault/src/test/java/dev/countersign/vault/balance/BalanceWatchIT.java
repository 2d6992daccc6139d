package dev.countersign.vault.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.balance.BalanceChange;
import dev.countersign.core.balance.Holding;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.model.Tier;
import dev.countersign.core.model.Vault;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.BalanceGuard;
import dev.countersign.core.port.BalanceHistory.Seen;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import dev.countersign.vault.store.BalanceTable;
import dev.countersign.vault.store.BalanceTable.Filter;
import dev.countersign.vault.store.ObservedBalance;
import dev.countersign.vault.store.WalletTable;
import dev.countersign.vault.wallet.VaultRegistry;
import dev.countersign.vault.wallet.VaultStore;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// On PostgreSQL, with a chain that is told what to do. Each test has a chain of its own.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BalanceWatchIT {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Address TOKEN = new Address("0x" + "5f".repeat(20));

  private final VaultStore store;
  private final BalanceTable table = new BalanceTable();
  private final List<BalanceChange> judged = new ArrayList<>();
  private final AtomicReference<BalanceGuard> guard =
      new AtomicReference<>((transaction, changes, history) -> judged.addAll(changes));
  private final Wallet hot;
  private final Wallet other;
  private int chains = 7_000;
  private ChainId chainId = new ChainId("eip155:1");
  private AssetId ether = AssetId.nativeOf(chainId);
  private AssetId token = AssetId.erc20(chainId, TOKEN);
  private ScriptedChain chain = new ScriptedChain(chainId);
  private BalanceWatch watch;

  BalanceWatchIT(PostgresDatabase database) {
    store = new VaultStore(database);
    new VaultRegistry(store.unitOfWork(), store, CLOCK)
        .create(Actor.system("test"), new Vault(new VaultId("treasury"), Tier.HOT, "Treasury"));
    hot = wallet("hot-1", "5e");
    other = wallet("hot-2", "6f");
    watch = watch(UUID.randomUUID());
  }

  private Wallet wallet(String id, String pair) {
    Wallet wallet =
        new Wallet(
            new WalletId(id),
            new VaultId("treasury"),
            Tier.HOT,
            id,
            new BackendName("softhsm"),
            new KeyId(id),
            new PublicKey(Bytes.fromHex("0x04" + pair.repeat(64))));
    store
        .unitOfWork()
        .run(transaction -> new WalletTable().insert(transaction, wallet, CLOCK.instant()));
    return wallet;
  }

  @BeforeEach
  void newChain() {
    chainId = ChainId.ofEip155(++chains);
    ether = AssetId.nativeOf(chainId);
    token = AssetId.erc20(chainId, TOKEN);
    chain = new ScriptedChain(chainId);
    chain.put(hot.address(), ether, 100).put(hot.address(), token, 50).mine();
    watch = watch(UUID.randomUUID());
    judged.clear();
    guard.set((transaction, changes, history) -> judged.addAll(changes));
  }

  private BalanceWatch watch(UUID instance) {
    return new BalanceWatch(
        store.unitOfWork(),
        store,
        chain,
        (transaction, changes, history) -> guard.get().judge(transaction, changes, history),
        CLOCK,
        new BalanceWatch.Terms(chainId, List.of(ether, token), Duration.ofSeconds(15)),
        instance);
  }

  @Test
  void theFirstBalancesAreTakenAsTheyAreAndOnlyChangesAreStored() {
    assertThat(watch.round()).isTrue();
    assertThat(changes())
        .hasSize(4)
        .allSatisfy(row -> assertThat(row.expected()).isEmpty())
        .anySatisfy(
            row -> {
              assertThat(row.wallet()).isEqualTo(hot.id());
              assertThat(row.asset()).isEqualTo(token);
              assertThat(row.amount()).isEqualTo(50);
              assertThat(row.block().number()).isEqualTo(1);
            });
    assertThat(watch.round()).as("the same block again").isFalse();
    long block = chain.mine();
    assertThat(watch.round()).isTrue();
    assertThat(changes()).hasSize(4);
    assertThat(judged).isEmpty();
    List<Balances.Standing> standing =
        new Balances(store.unitOfWork()).standing(Optional.of(hot.id()), Optional.of(chainId));
    assertThat(standing).extracting(one -> one.balance().asset()).containsExactly(ether, token);
    assertThat(standing)
        .allSatisfy(one -> assertThat(one.seen().block().number()).isEqualTo(block));
  }

  @Test
  void ourOwnTransactionsExplainThemselvesAndWhatComesInIsIncoming() {
    watch.round();
    chain.send(
        hot.address(),
        Map.of(
            new Holding(hot.address(), ether), -23L,
            new Holding(other.address(), ether), 20L,
            new Holding(hot.address(), token), -10L));
    chain.mine();
    watch.round();
    assertThat(judged).hasSize(3).allSatisfy(one -> assertThat(one.unexplained()).isZero());
    assertThat(newest(ether).difference()).isZero();
    assertThat(newest(ether).expected()).contains(BigInteger.valueOf(77));

    chain.put(hot.address(), ether, 90).mine();
    watch.round();
    assertThat(newest(ether).difference()).isEqualTo(13);
    assertThat(watch.alarms()).isZero();
    assertThat(alarms()).isEmpty();
  }

  @Test
  void whatGoesWithoutATransactionOfOursIsAnAlarm() {
    watch.round();
    chain.mine();
    watch.round();
    chain.send(hot.address(), Map.of(new Holding(hot.address(), ether), -1L));
    chain.put(hot.address(), token, 49);
    chain.mine();
    watch.round();
    assertThat(watch.alarms()).isEqualTo(1);
    assertThat(judged)
        .filteredOn(one -> one.unexplained().signum() > 0)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.asset()).isEqualTo(token);
              assertThat(one.since()).isEqualTo(2);
              assertThat(one.block().number()).isEqualTo(3);
              assertThat(one.before()).isEqualTo(50);
              assertThat(one.unexplained()).isEqualTo(1);
            });
    assertThat(alarms()).singleElement().asString().contains("BalanceUnexplained", "wallet=hot-1");
    assertThat(
            new Balances(store.unitOfWork())
                .changes(
                    new Filter(Optional.empty(), Optional.of(chainId), true, Long.MAX_VALUE), 10))
        .singleElement()
        .satisfies(row -> assertThat(row.difference()).isEqualTo(-1));
    BigInteger missing =
        store.unitOfWork().inTransaction(t -> table.unexplained(t, hot.id(), token, Instant.EPOCH));
    assertThat(missing).isEqualTo(1);
  }

  @Test
  void aTransactionThatWasNotSignedHereExplainsNothing() {
    watch.round();
    chain.sendForeign(hot.address()).put(hot.address(), ether, 60).mine();
    watch.round();
    assertThat(judged)
        .singleElement()
        .satisfies(one -> assertThat(one.unexplained()).isEqualTo(40));
  }

  @Test
  void whatANodeSaysOfTheBlockToComeIsNoAlarm() {
    watch.round();
    chain.mine();
    chain.send(hot.address(), Map.of(new Holding(hot.address(), ether), -3L));
    chain.amountsAhead();
    assertThat(watch.round()).as("amounts of the block to come").isFalse();
    assertThat(watch.round()).isTrue();
    chain.mine();
    assertThat(watch.round()).isTrue();

    chain.mine();
    chain.sendForeign(hot.address());
    chain.countsAhead();
    assertThat(watch.round()).as("counts of the block to come").isFalse();
    assertThat(watch.round()).isTrue();
    assertThat(alarms()).isEmpty();
    assertThat(newest(ether).amount()).isEqualTo(97);
  }

  @Test
  void aNodeThatIsOddNowAndThenIsNeverBelieved() {
    watch.round();
    for (int i = 0; i < 12; i++) {
      chain.mine();
      chain.send(hot.address(), Map.of(new Holding(hot.address(), ether), -1L));
      chain.amountsAhead();
      assertThat(watch.round()).as("round " + i).isFalse();
      chain.mine();
      assertThat(watch.round()).isTrue();
    }
    assertThat(alarms()).isEmpty();
  }

  @Test
  void aNodeOfTwoMindsPutsAnAlarmOffAndNotForGood() {
    watch.round();
    chain.mine();
    chain.put(hot.address(), ether, 90);
    for (int i = 0; i < 10; i++) {
      chain.amountsAhead();
      assertThat(watch.round()).as("round " + i).isFalse();
    }
    chain.amountsAhead();
    assertThat(watch.round()).isTrue();
    assertThat(watch.alarms()).isEqualTo(1);
  }

  @Test
  void aReplacedBlockIsNoAlarm() {
    watch.round();
    Map<Holding, Long> payment = Map.of(new Holding(hot.address(), ether), -30L);
    chain.send(hot.address(), payment);
    chain.put(other.address(), ether, 5).mine();
    watch.round();
    chain.mine();
    watch.round();
    assertThat(newest(ether).amount()).isEqualTo(70);

    chain.unmine(2);
    chain.mine();
    chain.mine();
    chain.mine();
    watch.round();
    assertThat(newest(ether).amount()).isEqualTo(100);
    assertThat(changes()).filteredOn(ObservedBalance::superseded).hasSize(2);
    assertThat(peak(other.id(), ether, Instant.EPOCH)).contains(new Seen(BigInteger.ZERO, 1));

    chain.send(hot.address(), payment).mine();
    watch.round();
    assertThat(newest(ether).amount()).isEqualTo(70);
    assertThat(newest(ether).difference()).isZero();
    assertThat(watch.alarms()).isZero();
    assertThat(judged).allSatisfy(one -> assertThat(one.unexplained()).isZero());
  }

  @Test
  void whatWasReadOfABlockThatIsReplacedMeanwhileIsReadAgain() {
    watch.round();
    chain.put(hot.address(), ether, 3).mine();
    chain.whileReading(
        () -> {
          chain.unmine(1);
          chain.mine();
        });
    assertThat(watch.round()).isFalse();
    assertThat(judged).isEmpty();
    assertThat(watch.round()).isTrue();
    assertThat(newest(ether).amount()).isEqualTo(100);
    assertThat(watch.alarms()).isZero();
  }

  @Test
  void ofTwoInstancesOneReadsUntilItGivesUpOrDies() {
    BalanceWatch second = watch(UUID.randomUUID());
    assertThat(watch.round()).isTrue();
    chain.mine();
    assertThat(second.round()).isFalse();
    assertThat(watch.round()).isTrue();
    assertThat(chain.reads()).isEqualTo(2);
    watch.close();
    chain.put(hot.address(), ether, 99).mine();
    assertThat(second.round()).isTrue();
    assertThat(watch.round()).isFalse();
    assertThat(second.alarms() + watch.alarms()).isEqualTo(1);

    BalanceWatch third = watch(UUID.randomUUID());
    endLease();
    chain.mine();
    assertThat(third.round()).as("the lease is over").isTrue();
  }

  /// It lost its lease while it read a block.
  @Test
  void aLateInstanceStoresNothing() {
    watch.round();
    chain.put(hot.address(), ether, 98).mine();
    BalanceWatch usurper = watch(UUID.randomUUID());
    chain.whileReading(
        () -> {
          endLease();
          assertThat(usurper.round()).isTrue();
        });
    assertThat(watch.round()).isFalse();
    assertThat(watch.alarms()).isZero();
    assertThat(usurper.alarms()).isEqualTo(1);
    assertThat(judged).hasSize(1);
    assertThat(alarms()).hasSize(1);
  }

  /// By the database's clock, which alone decides.
  private void endLease() {
    store
        .owner()
        .useHandle(handle -> handle.execute("UPDATE vault.balance_watch SET lease_until = now()"));
  }

  @Test
  void countsThatGoBackAreReadAgainAndThenStartAnew() {
    chain.send(hot.address(), Map.of(new Holding(hot.address(), ether), -1L)).mine();
    assertThat(watch.round()).isTrue();
    chain.mined(hot.address(), 0).put(hot.address(), ether, 80).mine();
    for (int i = 0; i < 10; i++) {
      assertThat(watch.round()).as("round " + i).isFalse();
    }
    assertThat(watch.round()).isTrue();
    assertThat(newest(ether).amount()).isEqualTo(80);
    assertThat(alarms()).as("nothing was expected of it").isEmpty();
    chain.put(hot.address(), ether, 70).mine();
    assertThat(watch.round()).isTrue();
    assertThat(alarms()).hasSize(1);
  }

  @Test
  void whatCannotBeJudgedIsNotStoredAndIsReadAgain() {
    watch.round();
    guard.set(
        (transaction, changes, history) -> {
          throw new IllegalStateException("no policy to be read");
        });
    chain.put(hot.address(), ether, 97).mine();
    assertThatThrownBy(watch::round).hasMessageContaining("no policy");
    assertThat(newest(ether).amount()).isEqualTo(100);
    assertThat(alarms()).isEmpty();
    guard.set((transaction, changes, history) -> judged.addAll(changes));
    assertThat(watch.round()).isTrue();
    assertThat(judged).hasSize(1);
    assertThat(alarms()).hasSize(1);
  }

  @Test
  void receiptsThatAreLateAreWaitedForAndNotForGood() {
    watch.round();
    chain.send(hot.address(), Map.of(new Holding(hot.address(), ether), -3L));
    chain.mine();
    chain.receiptsAreLate(true);
    assertThat(watch.round()).isFalse();
    chain.receiptsAreLate(false);
    assertThat(watch.round()).isTrue();
    assertThat(watch.alarms()).isZero();

    chain.send(hot.address(), Map.of(new Holding(hot.address(), ether), -3L));
    chain.mine();
    chain.receiptsAreLate(true);
    for (int i = 0; i < 10; i++) {
      assertThat(watch.round()).isFalse();
    }
    assertThat(watch.round()).isTrue();
    assertThat(watch.alarms()).isEqualTo(1);
  }

  @Test
  void aTokenThatDidNotAnswerStartsAnewAndIsStillSeenToFall() {
    watch.round();
    chain.silent(Optional.of(token));
    chain.send(hot.address(), Map.of(new Holding(hot.address(), token), -20L));
    chain.mine();
    watch.round();
    assertThat(judged).as("ether alone, whose count of transactions is another").hasSize(1);
    chain.silent(Optional.empty());
    chain.mine();
    watch.round();
    assertThat(watch.alarms()).isZero();
    assertThat(judged.getLast().isFall()).isTrue();
    assertThat(judged.getLast().before()).isEqualTo(50);
    assertThat(newest(token).expected()).isEmpty();
    assertThat(newest(token).amount()).isEqualTo(30);
  }

  @Test
  void thePeakIsTheMostSinceATimeAndWhatWasThereThen() {
    watch.round();
    chain.put(hot.address(), ether, 300).mine();
    watch.round();
    chain.put(hot.address(), ether, 200).mine();
    watch.round();
    Instant since = newest(ether).at();
    chain.put(hot.address(), ether, 150).mine();
    watch.round();
    assertThat(peak(hot.id(), ether, Instant.EPOCH)).contains(new Seen(BigInteger.valueOf(300), 2));
    assertThat(peak(hot.id(), ether, since)).contains(new Seen(BigInteger.valueOf(200), 3));
    assertThat(peak(hot.id(), ether, CLOCK.instant().plusSeconds(60)))
        .contains(new Seen(BigInteger.valueOf(150), 4));
  }

  @Test
  void observationsAreFinalAndGoAfterNinetyDays() {
    watch.round();
    chain.put(hot.address(), ether, 300).mine();
    watch.round();
    assertThatThrownBy(
            () ->
                store
                    .owner()
                    .useHandle(handle -> handle.execute("UPDATE vault.balance SET amount = 1")))
        .hasMessageContaining("can be superseded, and no more");
    assertThatThrownBy(
            () -> store.owner().useHandle(handle -> handle.execute("DELETE FROM vault.balance")))
        .hasMessageContaining("its rows are final");
    store
        .owner()
        .useHandle(
            handle -> {
              handle.execute("ALTER TABLE vault.balance DISABLE TRIGGER balances_are_final");
              handle.execute(
                  "UPDATE vault.balance SET observed_at = observed_at - interval '91 days'"
                      + " WHERE chain = ?",
                  chainId.caip2());
              handle.execute("ALTER TABLE vault.balance ENABLE TRIGGER balances_are_final");
            });
    new Balances(store.unitOfWork()).forget();
    assertThat(changes()).as("what stands, stays").hasSize(4);
    assertThat(newest(ether).amount()).isEqualTo(300);
  }

  private Optional<Seen> peak(WalletId wallet, AssetId asset, Instant since) {
    return store.unitOfWork().inTransaction(t -> table.peak(t, wallet, asset, since));
  }

  private List<ObservedBalance> changes() {
    return new Balances(store.unitOfWork())
        .changes(new Filter(Optional.empty(), Optional.of(chainId), false, Long.MAX_VALUE), 100);
  }

  private ObservedBalance newest(AssetId asset) {
    return changes().stream()
        .filter(row -> !row.superseded())
        .filter(row -> row.wallet().equals(hot.id()) && row.asset().equals(asset))
        .findFirst()
        .orElseThrow();
  }

  private List<String> alarms() {
    return store.entriesOf(chainId + "/");
  }
}
