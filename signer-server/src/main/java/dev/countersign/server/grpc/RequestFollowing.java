package dev.countersign.server.grpc;

import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.api.v1.WaitSigningRequestResponse;
import dev.countersign.api.v1.WatchSigningRequestResponse;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.RequestLedger.StateChange;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.server.watch.RequestSubscription;
import dev.countersign.server.watch.RequestWatch;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;

/// Waiting for a state, and watching all of them.
final class RequestFollowing {
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// How often a follower looks whether its caller is still there.
  private static final Duration GLANCE = Duration.ofMillis(500);

  private final RequestLedger requests;
  private final RequestWatch watch;
  private final RequestMessages messages;

  RequestFollowing(RequestLedger requests, RequestWatch watch, RequestMessages messages) {
    this.requests = requests;
    this.watch = watch;
    this.messages = messages;
  }

  WaitSigningRequestResponse await(SigningRequest request, WaitSigningRequestRequest asked) {
    FieldReader fields = new FieldReader(request.key().requestId());
    RequestState until = until(asked.getUntil(), fields);
    Duration patience = patience(asked, fields);
    long end = System.nanoTime() + patience.toNanos();
    boolean reached = false;
    try (RequestSubscription subscription = watch.subscribe(request.id())) {
      long left = patience.toNanos();
      while (!reached && left >= 0 && !Context.current().isCancelled()) {
        Optional<StateChange> change =
            subscription.next(Duration.ofNanos(Math.min(left, GLANCE.toNanos())));
        reached =
            change.map(StateChange::state).filter(state -> isAt(request, state, until)).isPresent();
        left = change.isPresent() ? Math.max(0, end - System.nanoTime()) : end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return WaitSigningRequestResponse.newBuilder()
        .setRequest(messages.of(current(request.id())))
        .setTimedOut(!reached)
        .build();
  }

  void follow(SigningRequest request, StreamObserver<WatchSigningRequestResponse> answer) {
    try (RequestSubscription subscription = watch.subscribe(request.id())) {
      boolean ended = false;
      while (!ended && !Context.current().isCancelled()) {
        Optional<StateChange> change = subscription.next(GLANCE);
        if (change.isPresent()) {
          answer.onNext(
              WatchSigningRequestResponse.newBuilder()
                  .setState(RequestMessages.state(change.get().state()))
                  .setAt(RequestMessages.timestamp(change.get().at()))
                  .setRequest(messages.of(current(request.id())))
                  .build());
          ended = request.isOver(change.get().state());
        }
      }
      answer.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private SigningRequest current(SigningRequestId id) {
    return requests
        .find(id)
        .orElseThrow(() -> new IllegalStateException("request " + id + " is gone from the store"));
  }

  /// Whether a request in `state` has been at `until`, or has ended without it.
  private static boolean isAt(SigningRequest request, RequestState state, RequestState until) {
    return request.isOver(state) || (until != RequestState.CONFIRMED && rank(state) >= rank(until));
  }

  private static int rank(RequestState state) {
    return switch (state) {
      case SIGNED -> 1;
      case BROADCAST -> 2;
      case RECEIVED,
          DENIED,
          PENDING_APPROVAL,
          TIME_LOCKED,
          ADMITTED,
          CONFIRMED,
          REJECTED,
          EXPIRED,
          CANCELLED,
          FAILED,
          REPLACED,
          DROPPED ->
          0;
    };
  }

  private static RequestState until(State asked, FieldReader fields) {
    return switch (asked) {
      case STATE_UNSPECIFIED, STATE_CONFIRMED -> RequestState.CONFIRMED;
      case STATE_SIGNED -> RequestState.SIGNED;
      case STATE_BROADCAST -> RequestState.BROADCAST;
      default ->
          throw fields.refused(
              "until",
              Refusal.Code.MALFORMED,
              "until is %s, expected STATE_SIGNED, STATE_BROADCAST or STATE_CONFIRMED"
                  .formatted(asked));
    };
  }

  private static Duration patience(WaitSigningRequestRequest asked, FieldReader fields) {
    if (!asked.hasTimeout()) {
      return DEFAULT_WAIT;
    }
    Duration patience =
        Duration.ofSeconds(asked.getTimeout().getSeconds())
            .plusNanos(asked.getTimeout().getNanos());
    if (patience.isNegative() || patience.compareTo(LONGEST_WAIT) > 0) {
      throw fields.refused(
          "timeout",
          Refusal.Code.MALFORMED,
          "timeout is %s, expected 0 to 300 seconds".formatted(patience));
    }
    return patience;
  }
}
