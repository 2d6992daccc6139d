package dev.countersign.server.watch;

import dev.countersign.core.port.RequestLedger.StateChange;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.server.store.PostgresRequestLedger.Revision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One follower of one request.
public final class RequestSubscription implements AutoCloseable {
  private final SigningRequestId request;
  private final Consumer<RequestSubscription> onClose;
  private final BlockingQueue<StateChange> told = new LinkedBlockingQueue<>();
  private int seen;

  RequestSubscription(SigningRequestId request, Consumer<RequestSubscription> onClose) {
    this.request = request;
    this.onClose = onClose;
  }

  /// The next state, waiting for it up to `patience`.
  public Optional<StateChange> next(Duration patience) throws InterruptedException {
    return Optional.ofNullable(told.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    onClose.accept(this);
  }

  SigningRequestId request() {
    return request;
  }

  synchronized int seen() {
    return seen;
  }

  /// Takes what is of this request and new, from revisions that are in order.
  synchronized void tell(List<Revision> revisions) {
    for (Revision revision : revisions) {
      if (revision.request().equals(request) && revision.number() == seen + 1) {
        seen = revision.number();
        told.add(revision.change());
      }
    }
  }
}
