package dev.countersign.cosigner.store;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.ShareSeal;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.dkls.PairSetup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/// The rows of `cosigner.pair_setup`, each sealed: as secret as a share.
final class SealedSetups {
  private final ShareSeal seal;
  private final SealContext context;
  private final Party self;

  SealedSetups(ShareSeal seal, SealContext context, Party self) {
    this.seal = seal;
    this.context = context;
    this.self = self;
  }

  /// In the place of what an earlier run may have left for the epoch.
  void save(Handle handle, KeyId key, long epoch, Collection<PairSetup> setups)
      throws ProtocolAbortException {
    for (PairSetup setup : setups) {
      byte[] plain = setup.encode();
      try {
        handle.execute(
            "INSERT INTO cosigner.pair_setup (key_id, epoch, peer, sealed) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (key_id, epoch, peer) DO UPDATE SET sealed = excluded.sealed",
            key.value(),
            epoch,
            setup.peer().number(),
            seal.seal(plain, context.setup(key, epoch, setup.peer())).toArray());
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    }
  }

  /// All that there are; the caller closes them.
  List<PairSetup> find(Handle handle, KeyId key, long epoch) {
    Map<Party, byte[]> rows = new TreeMap<>();
    handle
        .createQuery("SELECT peer, sealed FROM cosigner.pair_setup WHERE key_id = ? AND epoch = ?")
        .bind(0, key.value())
        .bind(1, epoch)
        .map((row, ignored) -> Map.entry(new Party(row.getInt("peer")), row.getBytes("sealed")))
        .forEach(row -> rows.put(row.getKey(), row.getValue()));
    List<PairSetup> setups = new ArrayList<>();
    try {
      rows.forEach((peer, ciphertext) -> setups.add(unsealed(key, epoch, peer, ciphertext)));
    } catch (RuntimeException e) {
      setups.forEach(PairSetup::close);
      throw e;
    }
    return setups;
  }

  private PairSetup unsealed(KeyId key, long epoch, Party peer, byte[] ciphertext) {
    byte[] plain = seal.unseal(Bytes.of(ciphertext), context.setup(key, epoch, peer));
    try {
      PairSetup setup = PairSetup.decode(plain);
      if (!setup.own().equals(self) || !setup.peer().equals(peer)) {
        setup.close();
        throw new StoreRefusedException(
            "key %s: %s in the place of the one with %s".formatted(key, setup, peer));
      }
      return setup;
    } catch (ProtocolAbortException e) {
      throw new StoreRefusedException(
          "key %s: the setup with %s cannot be read".formatted(key, peer), e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  void discard(Handle handle, Party peer) {
    handle.execute("DELETE FROM cosigner.pair_setup WHERE peer = ?", peer.number());
  }

  /// Those of all epochs but these.
  void retain(Handle handle, KeyId key, List<Long> epochs) {
    handle
        .createUpdate(
            "DELETE FROM cosigner.pair_setup WHERE key_id = :key AND epoch <> ALL (:epochs)")
        .bind("key", key.value())
        .bindArray("epochs", Long.class, epochs)
        .execute();
  }
}
