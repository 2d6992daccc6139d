package dev.countersign.nonce.lane;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.AuditTrail;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle.Reason;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.NodePools;
import dev.countersign.nonce.node.NodeUnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// The lanes, for operators: what they are, and how a paused one goes on.
public final class Lanes {
  private final UnitOfWork unitOfWork;
  private final NodePools nodes;
  private final AuditTrail audit;
  private final MostInFlight most;
  private final InstantSource clock;

  public Lanes(
      UnitOfWork unitOfWork,
      NodePools nodes,
      AuditTrail audit,
      MostInFlight most,
      InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.nodes = nodes;
    this.audit = audit;
    this.most = most;
    this.clock = clock;
  }

  /// All lanes, or those of one chain; by chain and address.
  public List<LaneView> list(Optional<ChainId> chain) {
    Instant now = clock.instant();
    return unitOfWork.inTransaction(
        transaction ->
            handle(transaction)
                .createQuery(
                    """
                    SELECT l.chain, l.address, l.next_nonce, l.free, l.paused, l.paused_since,
                      l.paused_detail, l.single_until, l.resumed_at,
                      (SELECT count(*) FROM nonce.transaction t
                        WHERE t.chain = l.chain AND t.address = l.address
                          AND t.state IN ('OWNED', 'SIGNED', 'BROADCAST')) AS in_flight
                    FROM nonce.lane l
                    WHERE :chain::text IS NULL OR l.chain = :chain
                    ORDER BY l.chain, l.address
                    """)
                .bind("chain", chain.map(ChainId::caip2).orElse(null))
                .map((row, context) -> view(row, now))
                .list());
  }

  private LaneView view(ResultSet row, Instant now) throws SQLException {
    Lane lane = LaneRows.lane(row);
    LockedLane read = LaneRows.read(row);
    return new LaneView(
        lane,
        read.state().next(),
        read.state().free(),
        row.getInt("in_flight"),
        read.most(most.on(lane.chain()), now),
        read.pause());
  }

  /// What came of letting a lane go on.
  public sealed interface Resumed {
    /// It goes on.
    ///
    /// @param reason why it was paused
    /// @param next the lowest nonce that it gives now
    record GoesOn(Reason reason, Nonce next) implements Resumed {}

    /// It was not paused; nothing was changed.
    record NotPaused() implements Resumed {}

    /// There is no such lane.
    record Unknown() implements Resumed {}

    /// The nodes do not agree on how many transactions of the account are mined, too few answer, or
    /// somebody else's are not final yet: where it goes on is not known. Nothing was changed.
    record Undecided(String detail) implements Resumed {}
  }

  /// Lets a lane go on that is paused. It goes on after what is final on the chain, by a quorum of
  /// its nodes: nonces that somebody else used are not given out.
  public Resumed resume(Actor by, Lane lane) {
    Optional<LockedLane> seen = find(lane);
    if (seen.isEmpty()) {
      return new Resumed.Unknown();
    }
    if (seen.get().pause().isEmpty()) {
      return new Resumed.NotPaused();
    }
    try {
      return switch (MinedSoFar.of(nodes.of(lane.chain()), lane.address())) {
        case Agreement.Agreed<MinedSoFar>(MinedSoFar mined) ->
            unitOfWork.inTransaction(transaction -> resume(transaction, by, lane, mined));
        case Agreement.Split<MinedSoFar>(String detail) ->
            new Resumed.Undecided("its nodes differ on the mined count: " + detail);
      };
    } catch (NodeUnavailableException e) {
      return new Resumed.Undecided(String.valueOf(e.getMessage()));
    }
  }

  private Optional<LockedLane> find(Lane lane) {
    return Optional.ofNullable(
        unitOfWork.inTransaction(t -> LaneRows.read(handle(t), Set.of(lane))).get(lane));
  }

  private Resumed resume(Transaction transaction, Actor by, Lane lane, MinedSoFar mined) {
    Handle handle = handle(transaction);
    LockedLane locked = LaneRows.lock(handle, Set.of(lane)).get(lane);
    if (locked == null || locked.pause().isEmpty()) {
      return new Resumed.NotPaused();
    }
    Reason reason = locked.pause().get().reason();
    LaneState from = locked.state().from(mined.inFinalBlocks());
    Optional<String> unsettled = mined.unsettled(from);
    if (unsettled.isPresent()) {
      return new Resumed.Undecided(unsettled.get());
    }
    LaneRows.write(handle, Map.of(lane, from));
    LaneRows.resumedAt(handle, lane, mined.inFinalBlocks());
    LanePauses.lift(handle, lane, reason);
    audit.append(
        transaction,
        List.of(
            AuditRecord.of(
                clock.instant(),
                by,
                new AuditEvent.LaneResumed(
                    lane.chain(), lane.address(), reason.name(), from.lowest()))));
    return new Resumed.GoesOn(reason, from.lowest());
  }

  private static Handle handle(Transaction transaction) {
    return transaction.unwrap(Handle.class);
  }
}
