package dev.countersign.nonce.lane;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.NonceLedger.LaneBook;
import dev.countersign.core.request.SigningRequestId;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Lanes that one transaction has locked. Not safe for concurrent use, as a transaction is not.
final class PostgresLaneBook implements LaneBook {
  private final Handle handle;
  private final InstantSource clock;
  private final Map<Lane, LaneState> lanes;
  private final InFlight inFlight;
  private final Map<Lane, BigInteger> promised = new HashMap<>();
  private final Set<Lane> changed = new HashSet<>();
  private final List<TransactionRows.Taken> taken = new ArrayList<>();

  PostgresLaneBook(
      Handle handle, InstantSource clock, Map<Lane, LaneState> lanes, InFlight inFlight) {
    this.handle = handle;
    this.clock = clock;
    this.lanes = new HashMap<>(lanes);
    this.inFlight = inFlight;
  }

  @Override
  public Nonce next(Lane lane) {
    return state(lane).lowest();
  }

  @Override
  public BigInteger available(Account account) {
    return inFlight.leftOf(account, promised.getOrDefault(account.lane(), BigInteger.ZERO));
  }

  @Override
  public Nonce take(Lane lane, SigningRequestId request, BigInteger most) {
    LaneState state = state(lane);
    Nonce nonce = state.lowest();
    lanes.put(lane, state.taken());
    changed.add(lane);
    taken.add(new TransactionRows.Taken(lane, nonce, request, most));
    promised.merge(lane, most, BigInteger::add);
    return nonce;
  }

  @Override
  public void save() {
    if (taken.isEmpty()) {
      return;
    }
    Map<Lane, LaneState> states = new HashMap<>();
    changed.forEach(lane -> states.put(lane, state(lane)));
    TransactionRows.insert(handle, taken, clock.instant());
    LaneRows.write(handle, states);
  }

  private LaneState state(Lane lane) {
    LaneState state = lanes.get(lane);
    if (state == null) {
      throw new IllegalStateException(
          "lane of %s on %s: expected one that was prepared and locked"
              .formatted(lane.address(), lane.chain()));
    }
    return state;
  }
}
