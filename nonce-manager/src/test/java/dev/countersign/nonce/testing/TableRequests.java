package dev.countersign.nonce.testing;

import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The states of requests in a table of the test's own, with the moves that are legal; what a
/// request says is made up. The real one is the server's.
public final class TableRequests implements RequestLedger {
  static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS test_request (
        id uuid PRIMARY KEY, state text NOT NULL, failure text NOT NULL DEFAULT '')
      """;

  /// Stores a request in `state`.
  public void add(Transaction transaction, SigningRequestId id, RequestState state) {
    handle(transaction).execute("INSERT INTO test_request VALUES (?, ?)", id.value(), state.name());
  }

  public static Digest32 digest(SigningRequestId id) {
    return Keccak.hash(id.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Set<SigningRequestId> move(Transaction transaction, List<RequestMove> moves) {
    Set<SigningRequestId> moved = new HashSet<>();
    for (RequestMove move : moves) {
      Optional<RequestState> now = state(handle(transaction), move.request());
      if (now.isPresent()
          && now.get().mayBecome(move.to())
          && move.onlyFrom().map(now.get()::equals).orElse(true)) {
        handle(transaction)
            .execute(
                "UPDATE test_request SET state = ?, failure = ? WHERE id = ?",
                move.to().name(),
                switch (move) {
                  case RequestMove.Revert revert -> revert.reason();
                  case RequestMove.Replace replace -> replace.reason();
                  default -> "";
                },
                move.request().value());
        moved.add(move.request());
      }
    }
    return moved;
  }

  private static Optional<RequestState> state(Handle handle, SigningRequestId id) {
    return handle
        .select("SELECT state FROM test_request WHERE id = ? FOR UPDATE", id.value())
        .mapTo(String.class)
        .findOne()
        .map(RequestState::valueOf);
  }

  @Override
  public List<SigningRequest> findAll(Transaction transaction, Set<SigningRequestId> ids) {
    return handle(transaction)
        .createQuery("SELECT id, state FROM test_request WHERE id = ANY (:ids)")
        .bindArray("ids", UUID.class, ids.stream().map(SigningRequestId::value).toList())
        .map(
            (row, context) ->
                request(
                    new SigningRequestId(row.getObject("id", UUID.class)),
                    RequestState.valueOf(row.getString("state"))))
        .list();
  }

  private static SigningRequest request(SigningRequestId id, RequestState state) {
    return new SigningRequest(
        id,
        new IdempotencyKey(new ClientId("test"), id.toString()),
        digest(id),
        new RequestContent(
            new WalletId("test"),
            ChainId.ofEip155(31337),
            new Intent.NativeTransfer(new Address("0x" + "00".repeat(20)), Wei.of(1)),
            Optional.empty()),
        Optional.empty(),
        state,
        Instant.EPOCH,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }

  @Override
  public List<SigningRequest> lock(
      Transaction transaction, Set<SigningRequestId> ids, Set<RequestState> states) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Registration> register(Transaction transaction, List<NewRequest> requests) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<SigningRequest> find(SigningRequestId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<SigningRequest> find(IdempotencyKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SigningRequest> list(ClientId client, Optional<SigningRequestId> before, int limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<StateChange> history(SigningRequestId id) {
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
    throw new UnsupportedOperationException();
  }

  @Override
  public void explain(Transaction transaction, SigningRequestId id, String reason) {
    throw new UnsupportedOperationException();
  }
}
