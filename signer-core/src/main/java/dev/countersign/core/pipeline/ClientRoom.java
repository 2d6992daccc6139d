package dev.countersign.core.pipeline;

import dev.countersign.core.model.ClientId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// So many of something that a client may have at once, so that none takes what is for all. Safe
/// for concurrent use.
public final class ClientRoom {
  private final int most;
  private final Map<ClientId, Semaphore> rooms = new ConcurrentHashMap<>();

  /// @param most of each client
  public ClientRoom(int most) {
    this.most = most;
  }

  /// @return whether there was room; whoever got in has to [#leave]
  public boolean enter(ClientId client) {
    return room(client).tryAcquire();
  }

  /// @param patience how long to wait until one of the client's others leaves
  /// @return whether there was room; whoever got in has to [#leave]
  public boolean enter(ClientId client, Duration patience) throws InterruptedException {
    return room(client).tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  public void leave(ClientId client) {
    room(client).release();
  }

  private Semaphore room(ClientId client) {
    return rooms.computeIfAbsent(client, _ -> new Semaphore(most, true));
  }
}
