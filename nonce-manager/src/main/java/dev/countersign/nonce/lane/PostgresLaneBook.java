package dev.countersign.nonce.lane;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.LaneBook;
import dev.countersign.core.request.SigningRequestId;
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
  private final Set<Lane> changed = new HashSet<>();
  private final List<TransactionRows.Owned> taken = new ArrayList<>();

  PostgresLaneBook(Handle handle, InstantSource clock, Map<Lane, LaneState> lanes) {
    this.handle = handle;
    this.clock = clock;
    this.lanes = new HashMap<>(lanes);
  }

  @Override
  public Nonce next(Lane lane) {
    return state(lane).lowest();
  }

  @Override
  public Nonce take(Lane lane, SigningRequestId request) {
    LaneState state = state(lane);
    Nonce nonce = state.lowest();
    lanes.put(lane, state.taken());
    changed.add(lane);
    taken.add(new TransactionRows.Owned(lane, nonce, request));
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
