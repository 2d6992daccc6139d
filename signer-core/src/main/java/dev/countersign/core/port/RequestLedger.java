package dev.countersign.core.port;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Every request and every state it was in.
public interface RequestLedger {

  /// What became of registering a request.
  sealed interface Registration {
    /// The request as it is stored: the new one, or the one that had the key already.
    SigningRequest request();

    /// Stored now, in RECEIVED.
    record Fresh(SigningRequest request) implements Registration {}

    /// The same key with the same digest was stored before.
    record Known(SigningRequest request) implements Registration {}

    /// The same key with another digest was stored before; nothing was changed.
    record Conflicting(SigningRequest request) implements Registration {}
  }

  /// Stores those whose idempotency key is new, and waits for another transaction that is just
  /// storing the same key. The same key twice in one list: the first is fresh, the others compare
  /// with it.
  ///
  /// @return one registration for each, in the order of `requests`
  List<Registration> register(Transaction transaction, List<NewRequest> requests);

  /// Makes those moves that are legal from the state each request is in now; the state and its
  /// history are written together. Of two concurrent movers of one request one wins.
  ///
  /// @return the requests that moved; one that is missing had been moved by somebody else
  Set<SigningRequestId> move(Transaction transaction, List<RequestMove> moves);

  /// Locks those that are in one of `states` until the transaction ends, in the order of their ids.
  ///
  /// @return them, as they are
  List<SigningRequest> lock(
      Transaction transaction, Set<SigningRequestId> ids, Set<RequestState> states);

  /// Says anew what a request waits for, in words for its client: in whose [SigningRequest#holding]
  /// it is from then on. Changes nothing of one that does not wait.
  void explain(Transaction transaction, SigningRequestId id, String reason);

  Optional<SigningRequest> find(SigningRequestId id);

  /// In any order; ids that are not stored are left out.
  List<SigningRequest> findAll(Transaction transaction, Set<SigningRequestId> ids);

  Optional<SigningRequest> find(IdempotencyKey key);

  /// The newest first; `before` pages on from the last id of a page.
  List<SigningRequest> list(ClientId client, Optional<SigningRequestId> before, int limit);

  /// Every state the request was in and since when, oldest first.
  List<StateChange> history(SigningRequestId id);

  /// @param state the state entered at `at`
  record StateChange(RequestState state, Instant at) {}

  /// Takes up to `limit` requests in `state` that nobody has worked on since `untouchedSince`, for
  /// as long as `lease`; skips what another instance has taken. Those that were tried longest ago
  /// come first, so that none keeps others from being tried.
  ///
  /// @param except left alone, and not counted
  List<SigningRequest> claim(
      Transaction transaction,
      RequestState state,
      Instant untouchedSince,
      Set<SigningRequestId> except,
      Duration lease,
      int limit);
}
