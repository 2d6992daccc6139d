package dev.countersign.nonce.broadcast;

import dev.countersign.core.model.ChainId;
import dev.countersign.nonce.node.NodePool;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// A broadcaster that sends when it is told to, on the thread that tells it.
public final class SteppedBroadcaster {
  private final PostgresBroadcaster broadcaster;
  private final ChainChannel channel;
  private final ChainId chain;
  private final InstantSource clock;

  public SteppedBroadcaster(PostgresBroadcaster broadcaster, NodePool node, InstantSource clock) {
    this.broadcaster = broadcaster;
    this.channel = new ChainChannel(node);
    this.chain = node.chain();
    this.clock = clock;
  }

  /// Claims what is due, sends it and records what came of it.
  public void step() {
    if (!channel.isReady(clock.instant())) {
      return;
    }
    List<DueTransaction> due = broadcaster.claim(Set.of(chain), clock.instant());
    if (!due.isEmpty()) {
      broadcaster.send(channel, due);
    }
  }
}
