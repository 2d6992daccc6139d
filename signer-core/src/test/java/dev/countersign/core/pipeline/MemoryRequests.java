package dev.countersign.core.pipeline;

import dev.countersign.core.model.ClientId;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Admitted requests in memory, one transaction at a time, without leases: for what the pipeline
/// does with several signers, which real parts cannot be made to do in a given order. The real one
/// is the server's, with tests of its own.
final class MemoryRequests implements RequestLedger, UnitOfWork {
  private final Map<SigningRequestId, SigningRequest> stored = new ConcurrentHashMap<>();

  void add(SigningRequest request) {
    stored.put(request.id(), request);
  }

  RequestState state(SigningRequestId id) {
    return find(id).orElseThrow().state();
  }

  @Override
  public synchronized <T> T inTransaction(Function<Transaction, T> work) {
    return work.apply(
        new Transaction() {
          @Override
          public <H> H unwrap(Class<H> type) {
            throw new IllegalArgumentException("in memory");
          }

          @Override
          public void afterCommit(Runnable action) {
            action.run();
          }
        });
  }

  @Override
  public Set<SigningRequestId> move(Transaction transaction, List<RequestMove> moves) {
    Set<SigningRequestId> moved = new HashSet<>();
    for (RequestMove move : moves) {
      SigningRequest now = find(move.request()).orElseThrow();
      if (!now.state().mayBecome(move.to())
          || !move.onlyFrom().map(now.state()::equals).orElse(true)) {
        continue;
      }
      if (!moved.add(move.request())) {
        throw new IllegalStateException("two moves of one request in one statement");
      }
      add(
          switch (move) {
            case RequestMove.Sign sign -> now.signed(sign.at(), sign.transactionHash());
            case RequestMove.SignMessage sign -> now.signed(sign.at(), sign.signature());
            case RequestMove.Fail fail -> now.failed(fail.at(), fail.reason());
            case RequestMove.Withdraw withdraw -> withdrawn(now, withdraw);
            case RequestMove.Admit _,
                RequestMove.Deny _,
                RequestMove.Hold _,
                RequestMove.Expire _,
                RequestMove.Reject _,
                RequestMove.Broadcast _,
                RequestMove.Confirm _,
                RequestMove.Revert _,
                RequestMove.Cancel _,
                RequestMove.Replace _ ->
                throw new UnsupportedOperationException(move.toString());
          });
    }
    return moved;
  }

  private static SigningRequest withdrawn(SigningRequest now, RequestMove.Withdraw move) {
    return new SigningRequest(
        now.id(),
        now.key(),
        now.digest(),
        now.content(),
        now.origin(),
        move.to(),
        now.receivedAt(),
        move.at(),
        now.holding(),
        now.admission(),
        now.denial(),
        now.transactionHash(),
        now.inclusion(),
        Optional.of(move.reason()));
  }

  @Override
  public Optional<SigningRequest> find(SigningRequestId id) {
    return Optional.ofNullable(stored.get(id));
  }

  @Override
  public List<SigningRequest> findAll(Transaction transaction, Set<SigningRequestId> ids) {
    return ids.stream().flatMap(id -> find(id).stream()).toList();
  }

  @Override
  public void explain(Transaction transaction, SigningRequestId id, String reason) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SigningRequest> claim(
      Transaction transaction,
      RequestState state,
      Instant untouchedSince,
      Set<SigningRequestId> except,
      Duration lease,
      int limit) {
    return stored.values().stream()
        .filter(request -> request.state() == state && !except.contains(request.id()))
        .limit(limit)
        .toList();
  }

  @Override
  public List<SigningRequest> lock(
      Transaction transaction, Set<SigningRequestId> ids, Set<RequestState> states) {
    return findAll(transaction, ids).stream()
        .filter(request -> states.contains(request.state()))
        .toList();
  }

  @Override
  public List<Registration> register(Transaction transaction, List<NewRequest> requests) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<SigningRequest> find(IdempotencyKey key) {
    return stored.values().stream().filter(request -> request.key().equals(key)).findFirst();
  }

  @Override
  public List<SigningRequest> list(ClientId client, Optional<SigningRequestId> before, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<StateChange> history(SigningRequestId id) {
    throw new UnsupportedOperationException();
  }
}
