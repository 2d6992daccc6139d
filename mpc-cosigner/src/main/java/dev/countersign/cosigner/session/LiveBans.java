package dev.countersign.cosigner.session;

import dev.countersign.cosigner.store.CosignerStore;
import dev.countersign.mpc.ban.Ban;
import dev.countersign.mpc.ban.BanLedger;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who sits out. A ban counts from the moment that it is known, in memory, and is made durable
/// before anything is said of it; where the database is gone it is tried again, and meanwhile no
/// session begins.
final class LiveBans {
  private static final Logger LOG = LoggerFactory.getLogger(LiveBans.class);

  private final CosignerStore store;
  private final LiveKeys keys;
  private final List<Ban> undurable = new ArrayList<>();
  private BanLedger bans;

  LiveBans(CosignerStore store, LiveKeys keys) {
    this.store = store;
    this.keys = keys;
    this.bans = store.bans();
  }

  synchronized BanLedger bans() {
    return bans;
  }

  /// Whether all bans are durable.
  synchronized boolean isDurable() {
    return undurable.isEmpty();
  }

  synchronized void ban(Ban ban) {
    LOG.error("ALARM: {} is banned since session {}: {}", ban.party(), ban.since(), ban.why());
    bans = bans.with(ban);
    keys.discard(ban.party());
    undurable.add(ban);
    retry();
  }

  synchronized void retry() {
    while (!undurable.isEmpty()) {
      try {
        store.ban(undurable.getFirst());
        undurable.removeFirst();
      } catch (RuntimeException e) {
        LOG.error("ALARM: a ban is not durable yet, so no session begins", e);
        return;
      }
    }
  }
}
