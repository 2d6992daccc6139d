package dev.countersign.core.request;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// Where a request is. The database holds the same table of moves (`signer.legal_move`), and a test
/// holds the two equal.
public enum RequestState {
  /// Stored, not judged yet.
  RECEIVED,
  /// Policy said no. An end.
  DENIED,
  /// Waits for approvers.
  PENDING_APPROVAL,
  /// Waits for its time lock to run out.
  TIME_LOCKED,
  /// Policy said yes: limits reserved, nonce owned, permit issued.
  ADMITTED,
  /// The signature is durable. Of a message nothing follows.
  SIGNED,
  /// A node has taken the transaction.
  BROADCAST,
  /// Mined, as deep as its chain asks. An end.
  CONFIRMED,
  /// An approver said no. An end.
  REJECTED,
  /// Waited too long. An end.
  EXPIRED,
  /// Its client withdrew it, or its cancellation was mined in its place. An end.
  CANCELLED,
  /// Could not be signed, or reverted on chain. An end.
  FAILED,
  /// Another transaction took its nonce. An end.
  REPLACED,
  /// Will never be mined. An end.
  DROPPED;

  /// Those in which a request waits for people or for time, before it has a nonce.
  public static final Set<RequestState> WAITING =
      Collections.unmodifiableSet(EnumSet.of(PENDING_APPROVAL, TIME_LOCKED));

  /// The states this one may become.
  public Set<RequestState> next() {
    return switch (this) {
      case RECEIVED -> EnumSet.of(DENIED, PENDING_APPROVAL, TIME_LOCKED, ADMITTED);
      case PENDING_APPROVAL ->
          EnumSet.of(DENIED, TIME_LOCKED, ADMITTED, REJECTED, EXPIRED, CANCELLED);
      case TIME_LOCKED -> EnumSet.of(DENIED, ADMITTED, EXPIRED, CANCELLED);
      case ADMITTED -> EnumSet.of(SIGNED, FAILED, CANCELLED);
      case SIGNED -> EnumSet.of(BROADCAST, CONFIRMED, FAILED, REPLACED, DROPPED, CANCELLED);
      case BROADCAST -> EnumSet.of(CONFIRMED, FAILED, REPLACED, DROPPED, CANCELLED);
      case DENIED, CONFIRMED, REJECTED, EXPIRED, CANCELLED, FAILED, REPLACED, DROPPED ->
          EnumSet.noneOf(RequestState.class);
    };
  }

  public boolean mayBecome(RequestState other) {
    return next().contains(other);
  }

  /// Whether nothing can follow.
  public boolean isEnd() {
    return next().isEmpty();
  }
}
