package dev.countersign.nonce.lane;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.NonceLedger;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.nonce.lane.TransactionRows.Owned;
import dev.countersign.nonce.lane.TransactionRows.SignedNonce;
import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.NodePool;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeUnavailableException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Nonces in PostgreSQL, which also enforces that each has one owner. Any number of instances may
/// work on the same lanes; the lock on a lane's row is what puts them in line.
public final class PostgresNonceLedger implements NonceLedger {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresNonceLedger.class);

  private final UnitOfWork unitOfWork;
  private final NodePools nodes;
  private final MostInFlight most;
  private final InstantSource clock;

  /// Lanes known to be in the database; a lane is never removed.
  private final Set<Lane> opened = ConcurrentHashMap.newKeySet();

  public PostgresNonceLedger(
      UnitOfWork unitOfWork, NodePools nodes, MostInFlight most, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.nodes = nodes;
    this.most = most;
    this.clock = clock;
  }

  @Override
  public Optional<String> prepare(Lane lane) {
    if (opened.contains(lane)
        || !unitOfWork.inTransaction(t -> LaneRows.read(handle(t), Set.of(lane))).isEmpty()) {
      opened.add(lane);
      return Optional.empty();
    }
    Optional<String> problem = open(lane);
    problem.ifPresentOrElse(
        why -> LOG.warn("cannot open lane {}: {}", lane, why), () -> opened.add(lane));
    return problem;
  }

  private Optional<String> open(Lane lane) {
    try {
      return switch (MinedSoFar.of(nodes.of(lane.chain()), lane.address())) {
        case Agreement.Agreed<MinedSoFar>(MinedSoFar mined) -> {
          LaneState first = LaneState.opened(mined.inFinalBlocks());
          Optional<String> unsettled = mined.unsettled(first);
          if (unsettled.isEmpty()) {
            unitOfWork.run(t -> LaneRows.open(handle(t), lane, first.next(), clock.instant()));
          }
          yield unsettled;
        }
        case Agreement.Split<MinedSoFar>(String detail) ->
            Optional.of(
                "the nodes differ on the transaction count of %s: %s"
                    .formatted(lane.address(), detail));
      };
    } catch (NodeUnavailableException e) {
      return Optional.of(
          "no quorum of the nodes told the transaction count of %s: %s"
              .formatted(lane.address(), e.getMessage()));
    }
  }

  @Override
  public LaneBook lock(Transaction transaction, Set<Account> accounts) {
    Handle handle = handle(transaction);
    Set<Lane> lanes = accounts.stream().map(Account::lane).collect(toSet());
    var states = LaneRows.lock(handle, lanes);
    // Statements of their own after the lock, so that they see what the lock was waited for.
    return new PostgresLaneBook(
        handle,
        clock,
        states,
        InFlight.of(handle, accounts),
        KindsAbove.of(handle, states),
        most,
        this::hasPrivateRelay);
  }

  private boolean hasPrivateRelay(ChainId chain) {
    return nodes.find(chain).flatMap(NodePool::privateRelay).isPresent();
  }

  @Override
  public BigInteger available(Account account) {
    return unitOfWork.inTransaction(
        t -> InFlight.of(handle(t), Set.of(account)).leftOf(account, BigInteger.ZERO));
  }

  @Override
  public Optional<LaneObstacle> obstacle(Account account, boolean hasBlobs) {
    Instant now = clock.instant();
    return unitOfWork.inTransaction(
        t ->
            Optional.ofNullable(
                    LaneRows.read(handle(t), Set.of(account.lane())).get(account.lane()))
                .flatMap(
                    lane ->
                        PostgresLaneBook.obstacle(
                                lane,
                                account,
                                InFlight.of(handle(t), Set.of(account)),
                                0,
                                most,
                                now)
                            .or(
                                () ->
                                    KindsAbove.of(handle(t), Map.of(account.lane(), lane))
                                        .obstacle(
                                            account.lane(), lane.state().lowest(), hasBlobs))));
  }

  @Override
  public Nonce peek(Lane lane) {
    return Optional.ofNullable(
            unitOfWork.inTransaction(t -> LaneRows.read(handle(t), Set.of(lane))).get(lane))
        .map(locked -> locked.state().lowest())
        .orElse(new Nonce(0));
  }

  /// @throws WrongTransactionException when a request does not own the nonce in its bytes, or has
  /// other bytes; writing the same bytes again changes nothing
  @Override
  public void recordSigned(Transaction transaction, List<Signed> signed) {
    if (signed.isEmpty()) {
      return;
    }
    List<SignedNonce> rows = signed.stream().map(SignedNonce::read).toList();
    Set<SigningRequestId> written =
        TransactionRows.sign(handle(transaction), rows, clock.instant());
    List<SignedNonce> others = rows.stream().filter(r -> !written.contains(r.request())).toList();
    if (others.isEmpty()) {
      return;
    }
    Map<SigningRequestId, SignedTransaction> before =
        TransactionRows.signed(
            handle(transaction), others.stream().map(SignedNonce::request).toList());
    for (SignedNonce other : others) {
      if (!other.transaction().equals(before.get(other.request()))) {
        throw new WrongTransactionException(
            "request %s: expected it to own nonce %s on %s unsigned, it does not%s"
                .formatted(
                    other.request(),
                    other.nonce(),
                    other.chain(),
                    before.containsKey(other.request()) ? ": other bytes are signed for it" : ""));
      }
    }
  }

  @Override
  public void release(Transaction transaction, Set<SigningRequestId> requests) {
    if (requests.isEmpty()) {
      return;
    }
    Handle handle = handle(transaction);
    // Lanes before rows, as taking does it.
    Map<Lane, LockedLane> lanes = LaneRows.lock(handle, TransactionRows.lanesOf(handle, requests));
    Map<Lane, List<Owned>> freed =
        TransactionRows.deleteUnsigned(handle, requests).stream().collect(groupingBy(Owned::lane));
    Map<Lane, LaneState> changed = new HashMap<>();
    lanes.forEach(
        (lane, locked) -> {
          LockedLane after = locked;
          for (Owned owned : freed.getOrDefault(lane, List.of())) {
            after = after.released(owned.nonce());
          }
          changed.put(lane, after.state());
        });
    LaneRows.write(handle, changed);
  }

  @Override
  public Optional<SignedTransaction> signed(SigningRequestId request) {
    return Optional.ofNullable(
        unitOfWork
            .inTransaction(t -> TransactionRows.signed(handle(t), Set.of(request)))
            .get(request));
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
