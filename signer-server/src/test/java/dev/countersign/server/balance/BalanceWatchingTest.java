package dev.countersign.server.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.balance.AccountState;
import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.balance.NonceSpan;
import dev.countersign.core.balance.OwnMoves;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.ChainAccounts;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.vault.balance.BalanceWatch;
import dev.countersign.vault.balance.Balances;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// When it is late, without anything to read from.
class BalanceWatchingTest {
  private static final ChainId CHAIN = ChainId.ofEip155(1);
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final Nothing nothing = new Nothing();

  private BalanceWatch watch(Duration interval) {
    return new BalanceWatch(
        nothing,
        (transaction, records) -> {},
        nothing,
        (transaction, changes, history) -> {},
        now::get,
        new BalanceWatch.Terms(CHAIN, List.of(AssetId.nativeOf(CHAIN)), interval),
        new UUID(1, 1));
  }

  private BalanceWatching watching(BalanceWatch watch) {
    return new BalanceWatching(List.of(watch), new Balances(nothing), now::get);
  }

  @Test
  void isAProblemAfterFiveMinutesInWhichNobodyRead() {
    BalanceWatch watch = watch(Duration.ofSeconds(15));
    BalanceWatching watching = watching(watch);
    now.set(START.plusSeconds(300));
    assertThat(watching.age(CHAIN)).isEqualTo(Duration.ofMinutes(5));
    assertThat(watching.problem(watch)).isEmpty();
    now.set(START.plusSeconds(301));
    assertThat(watching.problem(watch))
        .contains(
            "not read for 301 s: what leaves wallets is not seen, and no breaker on balances"
                + " trips");
    now.set(START.minusSeconds(5));
    assertThat(watching.age(CHAIN)).as("a clock that was set back").isZero();
  }

  @Test
  void isAProblemAfterTwentyLongIntervals() {
    BalanceWatch watch = watch(Duration.ofMinutes(10));
    BalanceWatching watching = watching(watch);
    now.set(START.plus(Duration.ofMinutes(200)));
    assertThat(watching.problem(watch)).isEmpty();
    now.set(START.plus(Duration.ofMinutes(200)).plusSeconds(1));
    assertThat(watching.problem(watch)).isPresent();
  }

  /// Neither a database nor a node.
  private static final class Nothing implements UnitOfWork, ChainAccounts {
    @Override
    public <T> T inTransaction(Function<Transaction, T> work) {
      throw new AssertionError("no database is asked");
    }

    @Override
    public ChainBlock confirmed(ChainId chain) {
      throw new AssertionError("no node is asked");
    }

    @Override
    public boolean isCanonical(ChainBlock block) {
      throw new AssertionError("no node is asked");
    }

    @Override
    public List<AccountState> states(
        ChainBlock block, List<Address> accounts, List<AssetId> assets) {
      throw new AssertionError("no node is asked");
    }

    @Override
    public OwnMoves moves(ChainBlock until, List<NonceSpan> spans, List<AssetId> assets) {
      throw new AssertionError("no node is asked");
    }
  }
}
