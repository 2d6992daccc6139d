package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.KeyId;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.dkls.Presignature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Presignatures that wait for their message. They are in memory alone: none outlives its process,
/// and there is none in any copy of a disk.
final class PresignaturePool {
  private final int most;
  private final Map<Bytes, Held> held = new HashMap<>();

  PresignaturePool(int most) {
    this.most = most;
  }

  /// @param key and `path` it was made for; with the signers they are in its session too
  /// @param lease of the key, which goes with it
  record Held(Presignature presignature, KeyId key, List<Integer> path, LiveKeys.Lease lease)
      implements AutoCloseable {
    boolean isOf(KeyId other, List<Integer> otherPath, List<Party> signers) {
      return key.equals(other) && path.equals(otherPath) && presignature.signers().equals(signers);
    }

    @Override
    public void close() {
      presignature.close();
      lease.close();
    }
  }

  /// @return whether there was room
  synchronized boolean add(Held one) {
    if (held.size() >= most) {
      return false;
    }
    held.put(Bytes.of(one.presignature().id().bytes()), one);
    return true;
  }

  /// Out of the pool, for good.
  synchronized Optional<Held> take(Bytes id) {
    return Optional.ofNullable(held.remove(id));
  }

  synchronized int size() {
    return held.size();
  }

  /// Those of a key whose shares have changed.
  void discard(KeyId key) {
    List<Held> gone = new ArrayList<>();
    synchronized (this) {
      held.values()
          .removeIf(
              one -> {
                boolean isGone = one.key().equals(key);
                if (isGone) {
                  gone.add(one);
                }
                return isGone;
              });
    }
    gone.forEach(Held::close);
  }

  void clear() {
    List<Held> gone;
    synchronized (this) {
      gone = List.copyOf(held.values());
      held.clear();
    }
    gone.forEach(Held::close);
  }
}
