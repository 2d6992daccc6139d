package dev.countersign.server.watch;

import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.server.store.PostgresRequestLedger;
import dev.countersign.server.store.PostgresRequestLedger.Revision;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells subscribers every state their request enters, in order, none left out and none twice. The
/// store is asked by one statement for everybody who watches on this instance, and not at all while
/// nobody does.
public final class RequestWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestWatch.class);
  private static final Duration PERIOD = Duration.ofMillis(50);

  private final PostgresRequestLedger requests;
  private final Set<RequestSubscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("request-watch").factory());

  public RequestWatch(PostgresRequestLedger requests) {
    this.requests = requests;
  }

  /// Begins to poll.
  public void start() {
    var _ =
        poller.scheduleWithFixedDelay(
            this::poll, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Follows a request from its first state on. Close it when done.
  public RequestSubscription subscribe(SigningRequestId request) {
    RequestSubscription subscription = new RequestSubscription(request, subscriptions::remove);
    // What is there already is told at once; the poller goes on from there.
    subscription.tell(requests.histories(Map.of(request, 0)));
    subscriptions.add(subscription);
    return subscription;
  }

  @Override
  public void close() {
    poller.shutdownNow();
  }

  private void poll() {
    try {
      Map<SigningRequestId, Integer> seen = new HashMap<>();
      for (RequestSubscription subscription : subscriptions) {
        seen.merge(subscription.request(), subscription.seen(), Math::min);
      }
      List<Revision> news = requests.histories(seen);
      if (!news.isEmpty()) {
        subscriptions.forEach(subscription -> subscription.tell(news));
      }
    } catch (StoreUnavailableException e) {
      LOG.warn("watchers wait, since the store is unavailable");
    } catch (RuntimeException e) {
      LOG.error("watchers were not told; trying again", e);
    }
  }
}
