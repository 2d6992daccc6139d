package dev.countersign.vault.wallet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Vault;
import dev.countersign.core.model.VaultId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackend.BackendKey;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.port.WalletDirectory;
import dev.countersign.vault.store.PendingWalletTable;
import dev.countersign.vault.store.VaultTable;
import dev.countersign.vault.store.WalletTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The wallets, each with a key in a backend. Safe for concurrent use, on any number of instances.
/// Every method throws [StoreUnavailableException] when the database cannot be reached.
///
/// A key backend takes no part in transactions, so a wallet is made in three steps: what is wanted
/// is written down, the key is made, the wallet is recorded. After a crash between them, asking for
/// the same wallet again finds what was written down, and takes the key of that name if there is
/// one: it can only be this wallet's. A key of that name that nothing was written down for is
/// refused.
public final class WalletRegistry implements WalletDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(WalletRegistry.class);
  private static final int MOST_CACHED = 100_000;

  private final UnitOfWork unitOfWork;
  private final AuditTrail auditTrail;
  private final KeyBackends backends;
  private final InstantSource clock;
  private final VaultTable vaults = new VaultTable();
  private final WalletTable wallets = new WalletTable();
  private final PendingWalletTable pending = new PendingWalletTable();
  private final Cache<WalletId, Wallet> cache =
      Caffeine.newBuilder().maximumSize(MOST_CACHED).build();

  public WalletRegistry(
      UnitOfWork unitOfWork, AuditTrail auditTrail, KeyBackends backends, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.auditTrail = auditTrail;
    this.backends = backends;
    this.clock = clock;
  }

  /// Makes the wallet and its key, or finds it as it is. Both are durable and in the audit log when
  /// this returns `Created`.
  ///
  /// @throws KeyBackendException of kind BROKEN when the backend made a key that cannot be trusted
  public WalletCreation create(Actor actor, NewWallet wanted) {
    Standing standing = unitOfWork.inTransaction(transaction -> standing(transaction, wanted));
    return switch (standing) {
      case Standing.Settled settled -> settled.outcome();
      case Standing.Open open -> {
        Optional<KeyBackend> backend = backends.find(wanted.backend());
        yield backend.isPresent()
            ? create(actor, wanted, open, backend.get())
            : new WalletCreation.UnknownBackend(
                wanted.backend(), backends.all().stream().map(KeyBackend::name).toList());
      }
    };
  }

  private WalletCreation create(
      Actor actor, NewWallet wanted, Standing.Open open, KeyBackend backend) {
    try {
      if (!open.writtenDown()) {
        boolean hasKey = backend.find(wanted.key()).isPresent();
        Standing now =
            unitOfWork.inTransaction(
                transaction ->
                    hasKey ? standing(transaction, wanted) : writeDown(transaction, wanted));
        switch (now) {
          case Standing.Settled settled -> {
            return settled.outcome();
          }
          case Standing.Open(Vault _, boolean writtenDown) -> {
            // Whoever makes a key writes the wallet down before, so this key is not of a wallet.
            if (!writtenDown) {
              return new WalletCreation.KeyTaken(backend.name(), wanted.key());
            }
          }
        }
      }
      BackendKey key = key(backend, wanted);
      return record(
          actor,
          new Wallet(
              wanted.id(),
              wanted.vault(),
              open.vault().tier(),
              wanted.name(),
              wanted.backend(),
              key.id(),
              key.publicKey()));
    } catch (KeyBackendException e) {
      return switch (e.kind()) {
        case UNAVAILABLE ->
            new WalletCreation.BackendUnavailable(backend.name(), String.valueOf(e.getMessage()));
        case KEY_EXISTS, BROKEN -> throw e;
      };
    }
  }

  private static BackendKey key(KeyBackend backend, NewWallet wanted) {
    Optional<BackendKey> left = backend.find(wanted.key());
    if (left.isPresent()) {
      LOG.warn("wallet {}: taking the key that an earlier attempt left", wanted.id());
      return left.get();
    }
    try {
      return backend.createKey(wanted.key());
    } catch (KeyBackendException e) {
      // Another instance is making the same wallet at this moment.
      if (e.kind() == KeyBackendException.Kind.KEY_EXISTS) {
        return backend.find(wanted.key()).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  private WalletCreation record(Actor actor, Wallet wallet) {
    WalletCreation outcome =
        unitOfWork.inTransaction(
            transaction -> {
              Instant now = clock.instant();
              pending.delete(transaction, wallet.id());
              if (wallets.insert(transaction, wallet, now)) {
                auditTrail.append(
                    transaction,
                    List.of(
                        AuditRecord.of(
                            now,
                            actor,
                            new AuditEvent.KeyCreated(
                                wallet.backend(), wallet.key(), wallet.publicKey())),
                        AuditRecord.of(
                            now,
                            actor,
                            new AuditEvent.WalletCreated(
                                wallet.id(), wallet.vault(), wallet.backend(), wallet.key()))));
                return new WalletCreation.Created(wallet);
              }
              Wallet existing = wallets.find(transaction, wallet.id()).orElseThrow();
              return existing.equals(wallet)
                  ? new WalletCreation.Existing(existing)
                  : conflict(existing);
            });
    if (outcome instanceof WalletCreation.Created(Wallet created)) {
      cache.put(created.id(), created);
    }
    return outcome;
  }

  /// How far a wallet has come.
  private sealed interface Standing {
    record Settled(WalletCreation outcome) implements Standing {}

    /// @param writtenDown whether it was asked for before, and so may have a key
    record Open(Vault vault, boolean writtenDown) implements Standing {}
  }

  /// Looks first for what was asked for, then for the wallet: what another instance finishes in
  /// between is seen as the wallet, and never as neither.
  private Standing standing(Transaction transaction, NewWallet wanted) {
    Optional<PendingWalletTable.Row> asked = pending.find(transaction, wanted.id());
    Optional<Wallet> existing = wallets.find(transaction, wanted.id());
    if (existing.isPresent()) {
      Wallet wallet = existing.get();
      boolean same =
          wallet.vault().equals(wanted.vault())
              && wallet.name().equals(wanted.name())
              && wallet.backend().equals(wanted.backend());
      return new Standing.Settled(same ? new WalletCreation.Existing(wallet) : conflict(wallet));
    }
    Optional<Vault> vault = vaults.find(transaction, wanted.vault());
    if (vault.isEmpty()) {
      return new Standing.Settled(new WalletCreation.UnknownVault(wanted.vault()));
    }
    if (asked.isPresent() && !asked.get().equals(row(wanted))) {
      PendingWalletTable.Row other = asked.get();
      return new Standing.Settled(
          new WalletCreation.Conflict(other.id(), other.vault(), other.name(), other.backend()));
    }
    return new Standing.Open(vault.get(), asked.isPresent());
  }

  private Standing writeDown(Transaction transaction, NewWallet wanted) {
    pending.insert(transaction, row(wanted), clock.instant());
    return standing(transaction, wanted);
  }

  private static PendingWalletTable.Row row(NewWallet wanted) {
    return new PendingWalletTable.Row(wanted.id(), wanted.vault(), wanted.name(), wanted.backend());
  }

  private static WalletCreation.Conflict conflict(Wallet wallet) {
    return new WalletCreation.Conflict(
        wallet.id(), wallet.vault(), wallet.name(), wallet.backend());
  }

  /// From memory, once it was found: a wallet never changes.
  @Override
  public Optional<Wallet> find(WalletId id) {
    Wallet cached = cache.getIfPresent(id);
    if (cached != null) {
      return Optional.of(cached);
    }
    Optional<Wallet> found = unitOfWork.inTransaction(transaction -> wallets.find(transaction, id));
    found.ifPresent(wallet -> cache.put(id, wallet));
    return found;
  }

  /// The wallet that has the account.
  public Optional<Wallet> find(Address address) {
    return unitOfWork.inTransaction(transaction -> wallets.find(transaction, address));
  }

  /// All wallets, by id.
  public List<Wallet> list() {
    return unitOfWork.inTransaction(wallets::list);
  }

  /// The wallets of one vault, by id; none when there is no such vault.
  public List<Wallet> list(VaultId vault) {
    return unitOfWork.inTransaction(transaction -> wallets.list(transaction, vault));
  }
}
