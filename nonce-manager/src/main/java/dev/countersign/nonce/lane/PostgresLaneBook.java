package dev.countersign.nonce.lane;

import dev.countersign.core.decision.Route;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.NonceLedger.LaneBook;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/// Lanes that one transaction has locked. Not safe for concurrent use, as a transaction is not.
final class PostgresLaneBook implements LaneBook {
  private final Handle handle;
  private final InstantSource clock;
  private final Map<Lane, LockedLane> lanes;
  private final MostInFlight most;
  private final InFlight inFlight;
  private final KindsAbove above;
  private final Predicate<ChainId> relays;
  private final Map<Lane, BigInteger> promised = new HashMap<>();
  private final Set<Lane> changed = new HashSet<>();
  private final List<TransactionRows.Taken> taken = new ArrayList<>();

  /// @param relays which chains have a private relay
  PostgresLaneBook(
      Handle handle,
      InstantSource clock,
      Map<Lane, LockedLane> lanes,
      InFlight inFlight,
      KindsAbove above,
      MostInFlight most,
      Predicate<ChainId> relays) {
    this.handle = handle;
    this.relays = relays;
    this.clock = clock;
    this.lanes = new HashMap<>(lanes);
    this.inFlight = inFlight;
    this.above = above;
    this.most = most;
  }

  @Override
  public Nonce next(Lane lane) {
    return locked(lane).state().lowest();
  }

  @Override
  public BigInteger available(Account account) {
    return inFlight.leftOf(account, promised.getOrDefault(account.lane(), BigInteger.ZERO));
  }

  @Override
  public Optional<LaneObstacle> obstacle(Account account, boolean hasBlobs) {
    long taking = taken.stream().filter(one -> one.lane().equals(account.lane())).count();
    return obstacle(locked(account.lane()), account, inFlight, taking, most, clock.instant())
        .or(() -> otherKind(account.lane(), hasBlobs));
  }

  private Optional<LaneObstacle> otherKind(Lane lane, boolean hasBlobs) {
    return above.obstacle(lane, locked(lane).state().lowest(), hasBlobs);
  }

  /// A lane is never too full to fill a gap: what is in flight above it waits for that, and would
  /// keep the lane full for ever.
  ///
  /// @param taking how many are being taken, besides those in flight
  static Optional<LaneObstacle> obstacle(
      LockedLane locked,
      Account account,
      InFlight inFlight,
      long taking,
      MostInFlight most,
      Instant now) {
    if (locked.pause().isPresent()) {
      return Optional.of(locked.pause().get());
    }
    Nonce lowest = locked.state().lowest();
    if (lowest.compareTo(account.mined()) < 0) {
      return Optional.of(new LaneObstacle.Used(lowest, account.mined()));
    }
    if (inFlight.isAbove(account, lowest)) {
      return Optional.empty();
    }
    int count = Math.toIntExact(inFlight.of(account).count() + taking);
    int may = locked.most(most.on(account.lane().chain()), now);
    return count < may ? Optional.empty() : Optional.of(new LaneObstacle.Full(count, may));
  }

  @Override
  public boolean hasPrivateRelay(ChainId chain) {
    return relays.test(chain);
  }

  @Override
  public Nonce take(
      Lane lane, SigningRequestId request, BigInteger most, Route route, boolean hasBlobs) {
    LockedLane locked = locked(lane);
    locked
        .pause()
        .<LaneObstacle>map(pause -> pause)
        .or(() -> otherKind(lane, hasBlobs))
        .ifPresent(
            obstacle -> {
              throw new IllegalStateException(
                  "lane of %s on %s gives no nonce: %s"
                      .formatted(lane.address(), lane.chain(), obstacle.words()));
            });
    Nonce nonce = locked.state().lowest();
    lanes.put(lane, locked.with(locked.state().taken()));
    changed.add(lane);
    taken.add(new TransactionRows.Taken(lane, nonce, request, most, route, hasBlobs));
    promised.merge(lane, most, BigInteger::add);
    return nonce;
  }

  @Override
  public void save() {
    if (taken.isEmpty()) {
      return;
    }
    Map<Lane, LaneState> states = new HashMap<>();
    changed.forEach(lane -> states.put(lane, locked(lane).state()));
    TransactionRows.insert(handle, taken, clock.instant());
    LaneRows.write(handle, states);
  }

  private LockedLane locked(Lane lane) {
    LockedLane locked = lanes.get(lane);
    if (locked == null) {
      throw new IllegalStateException(
          "lane of %s on %s: expected one that was prepared and locked"
              .formatted(lane.address(), lane.chain()));
    }
    return locked;
  }
}
