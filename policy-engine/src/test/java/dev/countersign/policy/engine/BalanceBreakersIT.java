package dev.countersign.policy.engine;

import static dev.countersign.policy.sample.Instance.request;
import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.pay;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.balance.BalanceChange;
import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.decision.Decision.Allowed;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.ThawStatement;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.BalanceHistory;
import dev.countersign.core.port.Transaction;
import dev.countersign.policy.freeze.FreezeStore.Thawing;
import dev.countersign.policy.sample.Instance;
import dev.countersign.policy.sample.PolicyDatabase;
import dev.countersign.policy.sample.Samples;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Against the database; what was observed is what a test says. How it is observed is tested where
/// it is stored.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BalanceBreakersIT {
  private static final AssetId ETHER = AssetId.nativeOf(Samples.MAINNET);
  private static final AssetId TOKEN =
      AssetId.erc20(Samples.MAINNET, new Address("0x" + "5f".repeat(20)));
  private static final Wallet HOT = Samples.wallet("hot-1");
  private static final Digest32 HASH = Digest32.fromHex("0x" + "b1".repeat(32));

  private final PolicyDatabase database;
  private final Instance one;
  private final BalanceBreakers breakers;
  private final Observed observed = new Observed();

  BalanceBreakersIT(PostgresDatabase postgres) {
    this.database = PolicyDatabase.of(postgres);
    this.one = database.instance();
    this.breakers = new BalanceBreakers(one.policies(), one.freezeStore(), InstantSource.system());
  }

  @AfterEach
  void thawAll() {
    database.activate(one, allowing("wallets: any"));
    frozen().forEach(this::thaw);
    observed.changes.clear();
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void anAmountTripsOneUnitBeyondItsMaximum() {
    arm("wallet", "balance-drop", "native", "30 wei", "PT1H");
    fall(ETHER, 100, 85, 85);
    fall(ETHER, 85, 70, 70);
    assertThat(frozen()).isEmpty();
    fall(ETHER, 70, 69, 69);
    assertThat(frozen())
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.scope().text()).isEqualTo("wallet:hot-1");
              assertThat(freeze.by()).isEqualTo("breakers");
              assertThat(freeze.reason().value())
                  .isEqualTo(
                      "breaker test: eip155:1/slip44:60 of hot-1 fell from 100 in block 0 to 69 in"
                          + " block 3 within PT1H, at most 30");
              assertThat(database.audit().events())
                  .contains(
                      new AuditEvent.ScopeFrozen(freeze.id(), freeze.scope(), freeze.reason()));
            });
    assertThat(one.admit(request("desk", "hot-1"), pay(ALICE, BigInteger.ONE)).rule())
        .isEqualTo("frozen");
    assertThat(one.admit(request("desk", "hot-2"), pay(ALICE, BigInteger.ONE)))
        .isInstanceOf(Allowed.class);
  }

  @Test
  void aPartTripsOneUnitBeyondItsMaximum() {
    arm("chain", "balance-drop", "any", "33.3% of balance", "PT1H");
    fall(TOKEN, 1000, 667, 667);
    assertThat(frozen()).isEmpty();
    fall(TOKEN, 667, 666, 666);
    assertThat(frozen())
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.scope().text()).isEqualTo("chain:eip155:1");
              assertThat(freeze.reason().value())
                  .endsWith("to 666 in block 2 within PT1H, at most 33.3% of balance");
            });
  }

  @Test
  void aThawEndsWhatWasObservedBeforeIt() {
    arm("wallet", "balance-drop", "native", "10% of balance", "P1D");
    fall(ETHER, 1000, 800, 800);
    thaw(frozen().getFirst());
    fall(ETHER, 800, 720, 720);
    assertThat(frozen()).isEmpty();
    fall(ETHER, 720, 719, 719);
    assertThat(frozen()).hasSize(1);
  }

  @Test
  void aRiseOrAnotherAssetTripsNothing() {
    arm("wallet", "balance-drop", TOKEN.toString(), "0", "PT1H");
    fall(ETHER, 1000, 1, 1);
    fall(TOKEN, 10, 20, 20);
    assertThat(frozen()).isEmpty();
    fall(TOKEN, 20, 19, 19);
    assertThat(frozen()).hasSize(1);
  }

  @Test
  void whatIsMissingIsAddedUpAndWhatWeSpentIsNot() {
    arm("everything", "unexplained-decrease", "native", "5", "PT1H");
    fall(ETHER, 1000, 400, 400);
    fall(ETHER, 400, 380, 377);
    fall(ETHER, 377, 500, 500);
    fall(ETHER, 500, 500, 498);
    assertThat(frozen()).isEmpty();
    fall(ETHER, 498, 490, 489);
    assertThat(frozen())
        .singleElement()
        .satisfies(
            freeze -> {
              assertThat(freeze.scope().text()).isEqualTo("everything");
              assertThat(freeze.reason().value())
                  .isEqualTo(
                      "breaker test: 6 of eip155:1/slip44:60 left hot-1 unexplained within PT1H, at"
                          + " most 5; expected 490 in block 5, found 489");
            });
    thaw(frozen().getFirst());
    fall(ETHER, 489, 489, 484);
    assertThat(frozen()).isEmpty();
    fall(ETHER, 484, 484, 483);
    assertThat(frozen()).hasSize(1);
  }

  @Test
  void theLongestAmountsStillFreeze() {
    arm("wallet", "unexplained-decrease", "any", "0", "P7D");
    BigInteger most = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    observe(TOKEN, most, most, BigInteger.ZERO);
    assertThat(frozen()).hasSize(1);
  }

  @Test
  void withoutAPolicyOfBalancesNothingIsAskedOfHistory() {
    database.activate(one, allowing("wallets: any"));
    one.unitOfWork()
        .run(
            transaction ->
                breakers.judge(
                    transaction,
                    List.of(change(ETHER, BigInteger.TEN, BigInteger.TEN, BigInteger.ONE)),
                    new BalanceHistory() {
                      @Override
                      public Optional<Seen> peak(
                          Transaction transaction, WalletId wallet, AssetId asset, Instant since) {
                        throw new AssertionError("asked");
                      }

                      @Override
                      public BigInteger unexplained(
                          Transaction transaction, WalletId wallet, AssetId asset, Instant since) {
                        throw new AssertionError("asked");
                      }
                    }));
    assertThat(frozen()).isEmpty();
  }

  private void arm(String scope, String counts, String asset, String maximum, String window) {
    database.activate(
        one,
        allowing("wallets: any")
            + "breakers: [{name: test, scope: %s, counts: %s, asset: '%s', maximum: %s, window: %s}]\n"
                .formatted(scope, counts, asset, maximum, window));
  }

  private void fall(AssetId asset, long before, long expected, long after) {
    observe(
        asset, BigInteger.valueOf(before), BigInteger.valueOf(expected), BigInteger.valueOf(after));
  }

  private void observe(AssetId asset, BigInteger before, BigInteger expected, BigInteger after) {
    BalanceChange change = change(asset, before, expected, after);
    one.unitOfWork()
        .run(
            transaction -> {
              observed.add(change);
              breakers.judge(transaction, List.of(change), observed);
            });
  }

  private BalanceChange change(
      AssetId asset, BigInteger before, BigInteger expected, BigInteger after) {
    int block = observed.changes.size();
    return new BalanceChange(
        HOT,
        asset,
        block,
        before,
        new ChainBlock(Samples.MAINNET, block + 1L, HASH),
        expected,
        after);
  }

  private List<Freeze> frozen() {
    return one.unitOfWork().inTransaction(one.freezes()::look).freezes();
  }

  private void thaw(Freeze freeze) {
    Instant expires = Instant.now().plusSeconds(600);
    assertThat(
            one.thaw(
                freeze.id(),
                expires,
                new ThawStatement(freeze, expires).canonical(),
                PolicyDatabase.WORD))
        .isInstanceOf(Thawing.Thawed.class);
  }

  /// In memory, by the same rules.
  private static final class Observed implements BalanceHistory {
    private final List<At> changes = new ArrayList<>();

    private record At(BalanceChange change, Instant at) {}

    void add(BalanceChange change) {
      changes.add(new At(change, Instant.now()));
    }

    @Override
    public Optional<Seen> peak(
        Transaction transaction, WalletId wallet, AssetId asset, Instant since) {
      List<Seen> seen = new ArrayList<>();
      for (At one : changes) {
        if (one.change().asset().equals(asset)) {
          Seen before = new Seen(one.change().before(), one.change().since());
          Seen after = new Seen(one.change().after(), one.change().block().number());
          if (one.at().isAfter(since)) {
            seen.addAll(Arrays.asList(before, after));
          }
        }
      }
      return seen.stream().max(Comparator.comparing(Seen::amount));
    }

    @Override
    public BigInteger unexplained(
        Transaction transaction, WalletId wallet, AssetId asset, Instant since) {
      return changes.stream()
          .filter(one -> one.change().asset().equals(asset) && one.at().isAfter(since))
          .map(one -> one.change().unexplained())
          .reduce(BigInteger.ZERO, BigInteger::add);
    }
  }
}
