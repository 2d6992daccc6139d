package dev.countersign.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.GetCoverageRequest;
import dev.countersign.api.v1.GetCoverageResponse;
import dev.countersign.api.v1.GetShadowRequest;
import dev.countersign.api.v1.GetShadowResponse;
import dev.countersign.api.v1.PolicyInsightServiceGrpc;
import dev.countersign.api.v1.ReplayRequest;
import dev.countersign.api.v1.ReplayResponse;
import dev.countersign.api.v1.StartShadowRequest;
import dev.countersign.api.v1.StartShadowResponse;
import dev.countersign.api.v1.StopShadowRequest;
import dev.countersign.api.v1.StopShadowResponse;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.replay.PolicyReplay;
import dev.countersign.policy.replay.ReplaySummary;
import dev.countersign.policy.replay.ReplayTooLargeException;
import dev.countersign.server.access.Caller;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// `countersign.v1.PolicyInsightService`.
public final class PolicyInsightGrpc extends PolicyInsightServiceGrpc.PolicyInsightServiceImplBase {
  private static final FieldReader FIELDS = new FieldReader("");

  /// How often it looks whether a slow caller has taken what was sent.
  private static final Duration BREATH = Duration.ofMillis(5);

  private final PolicyReplay replay;
  private final Shadowing shadowing;
  private final Covering covering;
  private final InstantSource clock;

  public PolicyInsightGrpc(
      PolicyReplay replay, Shadowing shadowing, Covering covering, InstantSource clock) {
    this.replay = replay;
    this.shadowing = shadowing;
    this.covering = covering;
    this.clock = clock;
  }

  /// Ends a replay whose caller is gone.
  private static final class GoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GoneException() {
      super("the caller is gone", null, false, false);
    }
  }

  @Override
  public void replay(ReplayRequest request, StreamObserver<ReplayResponse> answer) {
    PolicyDocument draft = document(request.getDocument());
    Period period =
        period(request.hasSince(), request.getSince(), request.hasUntil(), request.getUntil());
    var caller = (ServerCallStreamObserver<ReplayResponse>) answer;
    try {
      ReplaySummary summary =
          replay.run(
              draft,
              period.since(),
              period.until(),
              difference -> send(caller, ReplayMessages.difference(difference)));
      send(caller, ReplayMessages.summary(summary));
      answer.onCompleted();
    } catch (ReplayTooLargeException e) {
      throw FIELDS.refused("document", Code.TOO_LARGE, String.valueOf(e.getMessage()));
    } catch (GoneException e) {
      // Nobody is there to be told.
    }
  }

  @Override
  public void startShadow(StartShadowRequest request, StreamObserver<StartShadowResponse> answer) {
    document(request.getDocument());
    answer.onNext(
        StartShadowResponse.newBuilder()
            .setShadow(
                shadowing.start(request.getDocument().toByteArray(), Caller.current().id().value()))
            .build());
    answer.onCompleted();
  }

  @Override
  public void stopShadow(StopShadowRequest request, StreamObserver<StopShadowResponse> answer) {
    answer.onNext(StopShadowResponse.newBuilder().setShadow(shadowing.stop()).build());
    answer.onCompleted();
  }

  @Override
  public void getShadow(GetShadowRequest request, StreamObserver<GetShadowResponse> answer) {
    answer.onNext(shadowing.report(request));
    answer.onCompleted();
  }

  private static PolicyDocument document(ByteString bytes) {
    if (bytes.isEmpty()) {
      throw FIELDS.refused("document", Code.MALFORMED, "document is required");
    }
    return switch (PolicyDocumentReader.read(bytes.toByteArray())) {
      case PolicyDocument.Reading.Valid(PolicyDocument draft) -> draft;
      case PolicyDocument.Reading.Invalid invalid ->
          throw FIELDS.refused(
              "document", Code.MALFORMED, "document is no policy: " + invalid.text());
    };
  }

  @Override
  public void getCoverage(GetCoverageRequest request, StreamObserver<GetCoverageResponse> answer) {
    Period period =
        period(request.hasSince(), request.getSince(), request.hasUntil(), request.getUntil());
    answer.onNext(covering.of(period.since(), period.until()));
    answer.onCompleted();
  }

  private record Period(Instant since, Instant until) {}

  private Period period(boolean hasSince, Timestamp from, boolean hasUntil, Timestamp to) {
    Instant now = clock.instant();
    if (!hasSince) {
      throw FIELDS.refused("since", Code.MALFORMED, "since is required");
    }
    Instant since = time("since", from);
    Instant until = hasUntil ? time("until", to) : now;
    if (since.isAfter(now) || !since.isBefore(until)) {
      throw FIELDS.refused(
          "since",
          Code.MALFORMED,
          "since is %s, expected a time before %s"
              .formatted(since, until.isAfter(now) ? now : until));
    }
    return new Period(since, until);
  }

  private static Instant time(String field, Timestamp given) {
    try {
      Instant at = Instant.ofEpochSecond(given.getSeconds(), given.getNanos());
      if (!at.isBefore(Instant.EPOCH) && at.isBefore(Instant.parse("9999-12-31T00:00:00Z"))) {
        return at;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // said below
    }
    throw FIELDS.refused(field, Code.MALFORMED, field + " is not within the years 1970 to 9999");
  }

  /// Waits for a slow caller, so that nothing piles up.
  private static void send(ServerCallStreamObserver<ReplayResponse> caller, ReplayResponse found) {
    try {
      while (!caller.isReady()) {
        if (Context.current().isCancelled()) {
          throw new GoneException();
        }
        Thread.sleep(BREATH);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GoneException();
    }
    caller.onNext(found);
  }
}
