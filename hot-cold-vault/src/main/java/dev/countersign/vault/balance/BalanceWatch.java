package dev.countersign.vault.balance;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.balance.AccountState;
import dev.countersign.core.balance.BalanceChange;
import dev.countersign.core.balance.ChainBlock;
import dev.countersign.core.balance.NonceSpan;
import dev.countersign.core.balance.OwnMoves;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.BalanceGuard;
import dev.countersign.core.port.ChainAccounts;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.FencedLease;
import dev.countersign.database.LeaseLostException;
import dev.countersign.vault.store.BalanceTable;
import dev.countersign.vault.store.BalanceTable.BalanceKey;
import dev.countersign.vault.store.BalanceWatchTable;
import dev.countersign.vault.store.BalanceWatchTable.Last;
import dev.countersign.vault.store.NewBalance;
import dev.countersign.vault.store.ObservedBalance;
import dev.countersign.vault.store.WalletTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the balances of all wallets on one chain while this instance holds its lease: a round
/// for each new confirmed block, not oftener than its interval. What a round finds is stored,
/// judged and logged in one transaction, which only the holder of the lease can commit, and only
/// after the block that it went on from. Not for several threads at once.
public final class BalanceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BalanceWatch.class);
  private static final Actor ACTOR = Actor.system("balances");

  /// How long a lease lasts beyond two intervals. A round that takes longer keeps it.
  private static final Duration SPARE = Duration.ofSeconds(30);

  /// Rounds that receipts of our own may be late, or nodes of two minds, before what is missing is
  /// told all the same.
  private static final int PATIENCE = 10;

  private static final int BLOCKS_AT_ONCE = 64;

  private final UnitOfWork unitOfWork;
  private final AuditTrail audit;
  private final ChainAccounts accounts;
  private final BalanceGuard guard;
  private final InstantSource clock;
  private final Terms terms;
  private final UUID instance;
  private final FencedLease lease;
  private final WalletTable wallets = new WalletTable();
  private final BalanceTable balances = new BalanceTable();
  private final BalanceWatchTable watches = new BalanceWatchTable();
  private final AtomicLong alarms = new AtomicLong();
  private int waited;
  private int unsettled;
  private int doubted;

  /// @param assets what is watched, the chain's native asset first
  /// @param interval how often at most
  public record Terms(ChainId chain, List<AssetId> assets, Duration interval) {
    public Terms {
      assets = List.copyOf(assets);
    }
  }

  /// @param instance a name this process alone has
  public BalanceWatch(
      UnitOfWork unitOfWork,
      AuditTrail audit,
      ChainAccounts accounts,
      BalanceGuard guard,
      InstantSource clock,
      Terms terms,
      UUID instance) {
    this.unitOfWork = unitOfWork;
    this.audit = audit;
    this.accounts = accounts;
    this.guard = guard;
    this.clock = clock;
    this.terms = terms;
    this.instance = instance;
    this.lease =
        new FencedLease(
            unitOfWork,
            new FencedLease.Terms(
                "vault.balance_watch",
                terms.chain().caip2(),
                instance,
                terms.interval().multipliedBy(2).plus(SPARE)));
  }

  public Terms terms() {
    return terms;
  }

  /// How many unexplained decreases this instance has found.
  public long alarms() {
    return alarms.get();
  }

  /// One round, if there is anything to do and it is for this instance to do.
  ///
  /// @return whether balances were read and stored
  public boolean round() {
    if (!lease.hold()) {
      return false;
    }
    try {
      return lease.keeping(this::watched);
    } catch (LeaseLostException e) {
      LOG.info("chain {}: {}", terms.chain(), e.getMessage());
      return false;
    } catch (RuntimeException e) {
      // Whatever is wrong may be wrong here alone.
      close();
      throw e;
    }
  }

  private boolean watched() {
    Optional<Last> last = unitOfWork.inTransaction(t -> watches.last(t, terms.chain()));
    ChainBlock block = accounts.confirmed(terms.chain());
    if (last.map(Last::block).equals(Optional.of(block))) {
      lease.fenced().run(t -> watches.touch(t, instance, block));
      return false;
    }
    boolean goesOn = last.isPresent() && accounts.isCanonical(last.get().block());
    if (goesOn && block.number() < last.get().block().number()) {
      // A node that lags behind the one that was asked before.
      return false;
    }
    if (last.isPresent() && !goesOn) {
      supersede();
    }
    return observe(block, last, goesOn);
  }

  /// Back to the newest block with a balance that still is part of the chain.
  private void supersede() {
    while (true) {
      List<ChainBlock> blocks =
          unitOfWork.inTransaction(t -> balances.blocks(t, terms.chain(), BLOCKS_AT_ONCE));
      for (ChainBlock block : blocks) {
        if (accounts.isCanonical(block)) {
          return;
        }
        int rows = lease.fenced().inTransaction(t -> balances.supersede(t, block));
        LOG.warn(
            "chain {}: block {}, {} was replaced; {} balances of it count no longer",
            terms.chain(),
            block.number(),
            block.hash(),
            rows);
      }
      if (blocks.size() < BLOCKS_AT_ONCE) {
        return;
      }
    }
  }

  /// @param goesOn whether the last block still is part of the chain
  private boolean observe(ChainBlock block, Optional<Last> last, boolean goesOn) {
    BlockReading reading = read(block);
    if (isUnsettled(reading.wentBack())) {
      return false;
    }
    OwnMoves moves = moves(block, reading.spans());
    if (mayComeLater(moves, block)) {
      return false;
    }
    List<Reconciliation> found = reading.reconcile(last, goesOn, moves);
    // Whatever was read of a chain that is being reorganised is read again.
    if (!accounts.isCanonical(block)) {
      return false;
    }
    if (isExplained(found, moves)) {
      doubted = 0;
    } else if (isDoubtful(reading)) {
      return false;
    }
    tellForeign(moves);
    return store(
        block,
        last.map(Last::block),
        reading.read(),
        found.stream().flatMap(one -> one.row().stream()).toList(),
        found.stream().flatMap(one -> one.change().stream()).toList());
  }

  private BlockReading read(ChainBlock block) {
    List<Wallet> all = unitOfWork.inTransaction(wallets::list);
    List<AccountState> states =
        all.isEmpty()
            ? List.of()
            : accounts.states(block, all.stream().map(Wallet::address).toList(), terms.assets());
    List<AssetId> read =
        terms.assets().stream()
            .filter(asset -> states.stream().allMatch(state -> state.amounts().containsKey(asset)))
            .toList();
    return new BlockReading(block, all, states, read, standing(all));
  }

  private Map<BalanceKey, ObservedBalance> standing(List<Wallet> all) {
    List<BalanceKey> keys =
        all.stream()
            .flatMap(
                wallet -> terms.assets().stream().map(asset -> new BalanceKey(wallet.id(), asset)))
            .toList();
    return unitOfWork.inTransaction(t -> balances.standing(t, keys)).stream()
        .collect(Collectors.toMap(row -> new BalanceKey(row.wallet(), row.asset()), row -> row));
  }

  /// Whether to wait until the nodes have found to one chain again.
  private boolean isUnsettled(List<Address> wentBack) {
    if (wentBack.isEmpty()) {
      unsettled = 0;
      return false;
    }
    unsettled++;
    if (unsettled <= PATIENCE) {
      LOG.warn(
          "chain {}: fewer transactions of {} are mined than before though no block was replaced;"
              + " reading it again",
          terms.chain(),
          wentBack);
      return true;
    }
    LOG.error(
        "chain {}: fewer transactions of {} are mined than before though no block was replaced:"
            + " their balances start anew",
        terms.chain(),
        wentBack);
    unsettled = 0;
    return false;
  }

  /// Whether to wait for what would explain more.
  private boolean mayComeLater(OwnMoves moves, ChainBlock block) {
    if (moves.awaited() > 0 && waited < PATIENCE) {
      waited++;
      LOG.info(
          "chain {}: {} transactions of ours are mined by block {} and have no receipt yet",
          terms.chain(),
          moves.awaited(),
          block.number());
      return true;
    }
    waited = 0;
    return false;
  }

  /// Whether the block says something else when it is read once more. Some nodes answer for their
  /// newest block from the state of the one they are just making (anvil does, and proxies whose
  /// nodes differ may): what only such an answer misses is no reason to freeze anything, and none
  /// of it may be stored.
  private boolean isDoubtful(BlockReading reading) {
    if (read(reading.block()).states().equals(reading.states())) {
      doubted = 0;
      return false;
    }
    doubted++;
    LOG.warn(
        "chain {}: its nodes say two things of block {}, {}; reading it again",
        terms.chain(),
        reading.block().number(),
        reading.block().hash());
    return doubted <= PATIENCE;
  }

  private void tellForeign(OwnMoves moves) {
    if (moves.foreign() > 0) {
      LOG.error(
          "chain {}: {} transactions of our accounts were mined that were not signed here",
          terms.chain(),
          moves.foreign());
    }
  }

  private OwnMoves moves(ChainBlock block, List<NonceSpan> spans) {
    return spans.isEmpty() ? OwnMoves.NONE : accounts.moves(block, spans, terms.assets());
  }

  private boolean store(
      ChainBlock block,
      Optional<ChainBlock> before,
      List<AssetId> read,
      List<NewBalance> rows,
      List<BalanceChange> changes) {
    List<BalanceChange> unexplained = changes.stream().filter(BalanceWatch::isUnexplained).toList();
    boolean stored =
        lease
            .fenced()
            .inTransaction(
                transaction -> {
                  if (!watches.advance(transaction, instance, before, block, read)) {
                    return false;
                  }
                  balances.insert(transaction, block, rows);
                  log(transaction, unexplained);
                  guard.judge(transaction, changes, balances);
                  return true;
                });
    if (stored) {
      alarms.addAndGet(unexplained.size());
      unexplained.forEach(BalanceWatch::tell);
    }
    return stored;
  }

  private static boolean isExplained(List<Reconciliation> found, OwnMoves moves) {
    return moves.foreign() == 0
        && found.stream()
            .flatMap(one -> one.change().stream())
            .noneMatch(BalanceWatch::isUnexplained);
  }

  private static boolean isUnexplained(BalanceChange change) {
    return change.unexplained().signum() > 0;
  }

  private void log(Transaction transaction, List<BalanceChange> unexplained) {
    Instant now = clock.instant();
    audit.append(
        transaction,
        unexplained.stream()
            .map(
                change ->
                    AuditRecord.of(
                        now,
                        ACTOR,
                        new AuditEvent.BalanceUnexplained(
                            change.wallet().id(),
                            change.asset(),
                            change.expected(),
                            change.after(),
                            change.since(),
                            change.block().number(),
                            change.block().hash())))
            .toList());
  }

  private static void tell(BalanceChange change) {
    LOG.error(
        "ALARM: {} of wallet {} is {} in block {}, {} less than block {} and our own transactions"
            + " since come to, and nothing explains it",
        change.asset(),
        change.wallet().id(),
        change.after(),
        change.block().number(),
        change.unexplained(),
        change.since());
  }

  /// Lets another instance go on now.
  @Override
  public void close() {
    try {
      lease.release();
    } catch (RuntimeException e) {
      // It runs out by itself.
      LOG.info("chain {}: cannot give the lease back: {}", terms.chain(), e.getMessage());
    }
  }
}
