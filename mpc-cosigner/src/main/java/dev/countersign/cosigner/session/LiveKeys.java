package dev.countersign.cosigner.session;

import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.store.CosignerStore;
import dev.countersign.cosigner.store.StoredKey;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.dkls.PairSetup;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.EpochShare;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Shares and setups in the clear, for as long as a session or a presignature has them. All
/// sessions of a key share one: a setup that one of them closes is closed for all.
final class LiveKeys {
  private final CosignerStore store;
  private final Map<KeyId, Live> current = new HashMap<>();

  /// Those too that were replaced and are still in use.
  private final List<Live> all = new ArrayList<>();

  LiveKeys(CosignerStore store) {
    this.store = store;
  }

  private static final class Live {
    private final StoredKey key;
    private final List<PairSetup> setups;
    private int leases;

    private Live(StoredKey key, List<PairSetup> setups) {
      this.key = key;
      this.setups = setups;
    }

    private void wipe() {
      key.close();
      setups.forEach(PairSetup::close);
    }
  }

  /// The use of one key: its secrets are there until it is closed.
  final class Lease implements AutoCloseable {
    private final KeyId id;
    private final Live live;
    private boolean closed;

    private Lease(KeyId id, Live live) {
      this.id = id;
      this.live = live;
    }

    EpochShare<Secp256k1Point> share() {
      return live.key.ledger().active().orElseThrow();
    }

    boolean isTrusted() {
      return live.key.isTrusted();
    }

    Optional<PairSetup> setup(Party peer) {
      return live.setups.stream().filter(setup -> setup.peer().equals(peer)).findFirst();
    }

    @Override
    public void close() {
      synchronized (LiveKeys.this) {
        if (!closed) {
          closed = true;
          live.leases--;
          if (live.leases == 0) {
            current.remove(id, live);
            all.remove(live);
            live.wipe();
          }
        }
      }
    }
  }

  /// @throws SessionEndedException when the key has no epoch in use here
  synchronized Lease acquire(KeyId id) throws SessionEndedException {
    Live live = current.get(id);
    if (live == null) {
      live = unsealed(id);
      current.put(id, live);
      all.add(live);
    }
    live.leases++;
    return new Lease(id, live);
  }

  private Live unsealed(KeyId id) throws SessionEndedException {
    StoredKey key =
        store.key(id).orElseThrow(() -> new SessionEndedException(Cause.NO_KEY, "no key " + id));
    if (key.ledger().active().isEmpty()) {
      key.close();
      throw new SessionEndedException(Cause.NO_KEY, "no epoch of key %s is in use".formatted(id));
    }
    try {
      long epoch = key.ledger().active().orElseThrow().key().epoch();
      return new Live(key, store.setups(id, epoch));
    } catch (RuntimeException e) {
      key.close();
      throw e;
    }
  }

  /// Another epoch is in use: whoever comes gets that one.
  synchronized void replace(KeyId id) {
    current.remove(id);
  }

  /// Nothing is done by a setup with the peer any more.
  synchronized void discard(Party peer) {
    for (Live live : all) {
      live.setups.stream().filter(setup -> setup.peer().equals(peer)).forEach(PairSetup::close);
    }
  }
}
