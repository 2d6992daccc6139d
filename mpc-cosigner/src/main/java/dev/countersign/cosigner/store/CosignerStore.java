package dev.countersign.cosigner.store;

import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.ShareSeal;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.cosigner.store.RestoreGuard.Change;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.Ban;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.dkls.PairSetup;
import dev.countersign.mpc.dkls.PresignatureLedger;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.key.KeyLedger;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// All that one cosigner keeps. Each method that changes something returns when that is durable in
/// the database and known outside of it. Safe for concurrent use; one process at a time.
///
/// Methods throw [dev.countersign.core.port.StoreUnavailableException] while the database is gone,
/// [dev.countersign.core.port.KeyBackendException] when the token is gone or a seal does not hold,
/// and [StoreRefusedException] when what is stored is not what it should be.
public final class CosignerStore {
  private final UnitOfWork unitOfWork;
  private final RestoreGuard guard;
  private final SealedKeys keys;
  private final SealedSetups setups;
  private final SealedBans bans;
  private final SpentPresignatures spent;

  private CosignerStore(
      UnitOfWork unitOfWork, RestoreGuard guard, ShareSeal seal, CosignerName name, Party self) {
    SealContext context = new SealContext(name);
    this.unitOfWork = unitOfWork;
    this.guard = guard;
    this.keys = new SealedKeys(seal, context, self);
    this.setups = new SealedSetups(seal, context, self);
    this.bans = new SealedBans(seal, context);
    this.spent = new SpentPresignatures(guard);
  }

  /// @param unitOfWork over connections of a login with the role of [CosignerSchema] and no other
  /// @param name whose this is, as what is sealed has it
  /// @param fresh names the database if it is new
  /// @throws StoreRefusedException when it is another cosigner's
  public static CosignerStore open(
      UnitOfWork unitOfWork,
      ShareSeal seal,
      GenerationWitness witness,
      CosignerName name,
      Party self,
      UUID fresh) {
    RestoreGuard guard = RestoreGuard.open(unitOfWork, witness, name, self, fresh);
    CosignerStore store = new CosignerStore(unitOfWork, guard, seal, name, self);
    if (guard.generation() == guard.trustedFrom() && store.reading(store.bans::find).isEmpty()) {
      guard.change(
          change -> {
            store.bans.save(change.handle(), BanLedger.EMPTY, change.generation());
            return true;
          });
    }
    return store;
  }

  private <T> T reading(Function<Handle, T> work) {
    return unitOfWork.inTransaction(tx -> work.apply(tx.unwrap(Handle.class)));
  }

  /// How often it was changed.
  public long generation() {
    return guard.generation();
  }

  /// Whether an old copy was once put in the database's place.
  public boolean wasSetBack() {
    return guard.trustedFrom() > 0;
  }

  public List<KeyId> keys() {
    return reading(keys::ids);
  }

  /// The caller closes it.
  public Optional<StoredKey> key(KeyId key) {
    return reading(handle -> keys.find(handle, key, false)).map(this::stored);
  }

  private StoredKey stored(SealedKeys.Row row) {
    boolean trusted = row.ledger().active().isPresent() && row.activeOf() >= guard.trustedFrom();
    return new StoredKey(row.ledger(), row.statements(), trusted);
  }

  /// The next epoch beside the one in use, with the setups that go with it.
  ///
  /// @param made stay the caller's to close
  public void prepare(KeyId key, long epoch, LedgerStep step, Collection<PairSetup> made)
      throws ProtocolAbortException {
    changing(
        change -> {
          SealedKeys.Row row = keys.find(change.handle(), key, true).orElseGet(keys::empty);
          try {
            KeyLedger<Secp256k1Point> next = step.from(row.ledger());
            keys.save(
                change.handle(),
                key,
                new SealedKeys.Row(next, row.activeOf(), change.generation(), row.statements()),
                change.generation());
            setups.save(change.handle(), key, epoch, made);
          } finally {
            StoredKey.wipe(row.ledger());
          }
        });
  }

  /// The prepared epoch is the one in use.
  ///
  /// @param statements that all have stored it, to be shown to whoever missed them
  public void activate(KeyId key, LedgerStep step, Collection<Statement> statements)
      throws ProtocolAbortException {
    step(
        key,
        (row, next) -> new SealedKeys.Row(next, row.preparedOf(), 0, List.copyOf(statements)),
        step);
  }

  /// The epoch before is gone, and its setups with it.
  public void retire(KeyId key, LedgerStep step) throws ProtocolAbortException {
    step(
        key,
        (row, next) -> new SealedKeys.Row(next, row.activeOf(), row.preparedOf(), row.statements()),
        step);
  }

  /// Nothing is prepared any more, or what another session would make is refused for good.
  public void abandon(KeyId key, LedgerStep step) throws ProtocolAbortException {
    step(
        key,
        (row, next) ->
            new SealedKeys.Row(
                next,
                row.activeOf(),
                next.prepared().isPresent() ? row.preparedOf() : 0,
                row.statements()),
        step);
  }

  /// What stands beside the next ledger.
  private interface Successor {
    SealedKeys.Row of(SealedKeys.Row row, KeyLedger<Secp256k1Point> next);
  }

  private void step(KeyId key, Successor successor, LedgerStep step) throws ProtocolAbortException {
    changing(
        change -> {
          SealedKeys.Row row = keys.find(change.handle(), key, true).orElseGet(keys::empty);
          try {
            KeyLedger<Secp256k1Point> next = step.from(row.ledger());
            keys.save(change.handle(), key, successor.of(row, next), change.generation());
            setups.retain(change.handle(), key, epochs(next));
          } finally {
            StoredKey.wipe(row.ledger());
          }
        });
  }

  private static List<Long> epochs(KeyLedger<Secp256k1Point> ledger) {
    return Stream.of(
            ledger.active().map(share -> share.key().epoch()),
            ledger.retiring().map(share -> share.key().epoch()),
            ledger.prepared().map(prepared -> prepared.key().epoch()))
        .flatMap(Optional::stream)
        .toList();
  }

  /// The setups of an epoch with all peers who are not banned; the caller closes them.
  public List<PairSetup> setups(KeyId key, long epoch) {
    return reading(handle -> setups.find(handle, key, epoch));
  }

  public BanLedger bans() {
    return reading(bans::find)
        .orElseThrow(() -> new StoreRefusedException("the ledger of bans is gone"));
  }

  /// Nothing is done with the peer any more: all setups with it are gone when this returns.
  public void ban(Ban ban) {
    guard.change(
        change -> {
          BanLedger known =
              bans.find(change.handle())
                  .orElseThrow(() -> new StoreRefusedException("the ledger of bans is gone"));
          bans.save(change.handle(), known.with(ban), change.generation());
          setups.discard(change.handle(), ban.party());
          return true;
        });
  }

  /// For the signatures of one key.
  public PresignatureLedger presignatures(KeyId key) {
    return spent.of(key);
  }

  private interface Work {
    void in(Change change) throws ProtocolAbortException;
  }

  /// Carries the protocol's exception through a transaction, which it ends.
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ProtocolAbortException abort;

    private Refusal(ProtocolAbortException abort) {
      super(abort);
      this.abort = abort;
    }
  }

  private void changing(Work work) throws ProtocolAbortException {
    try {
      guard.change(
          change -> {
            try {
              work.in(change);
              return true;
            } catch (ProtocolAbortException e) {
              throw new Refusal(e);
            }
          });
    } catch (Refusal e) {
      throw e.abort;
    }
  }
}
