package dev.countersign.nonce.broadcast;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.lane.LanePauses;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what a refusal asks of the lane: one whose account cannot pay is paused, and one whose
/// account has delegated code (EIP-7702) has one transaction in flight at a time for a while.
public final class LaneRefusals implements RefusalListener {
  private static final Logger LOG = LoggerFactory.getLogger(LaneRefusals.class);

  /// How long one at a time holds after the last refusal that asked for it; a delegation may end.
  private static final Duration SINGLE = Duration.ofHours(1);

  /// A batch of transactions is refused for one reason; it is enough to write it once.
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final UnitOfWork unitOfWork;
  private final InstantSource clock;
  private final Map<Refused, Instant> written = new ConcurrentHashMap<>();

  private record Refused(Lane lane, ErrorKind kind) {}

  public LaneRefusals(UnitOfWork unitOfWork, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.clock = clock;
  }

  @Override
  public void refused(Lane lane, Nonce nonce, ErrorKind kind) {
    switch (kind) {
      case INSUFFICIENT_FUNDS -> pause(lane, nonce);
      case DELEGATED_IN_FLIGHT_LIMIT -> single(lane);
      case ALREADY_KNOWN,
          NONCE_TOO_LOW,
          NONCE_TOO_HIGH,
          UNDERPRICED,
          REPLACEMENT_UNDERPRICED,
          GAS_LIMIT,
          FEE_CAP,
          POOL_FULL,
          RESERVED,
          WRONG_CHAIN,
          OVERSIZED,
          OTHER -> {
        // Nothing that would be the same for another transaction of the lane.
      }
    }
  }

  private void pause(Lane lane, Nonce nonce) {
    Instant now = clock.instant();
    if (isQuiet(new Refused(lane, ErrorKind.INSUFFICIENT_FUNDS), now)) {
      return;
    }
    var pause =
        new LaneObstacle.Paused(
            LaneObstacle.Reason.INSUFFICIENT_FUNDS,
            now,
            "a node does not take nonce %s, which the account cannot pay for".formatted(nonce));
    boolean paused =
        unitOfWork.inTransaction(t -> LanePauses.pause(t.unwrap(Handle.class), lane, pause));
    if (paused) {
      LOG.warn("chain {}: lane of {} is {}", lane.chain(), lane.address(), pause.words());
    }
  }

  private void single(Lane lane) {
    Instant now = clock.instant();
    if (!isQuiet(new Refused(lane, ErrorKind.DELEGATED_IN_FLIGHT_LIMIT), now)) {
      unitOfWork.run(t -> LanePauses.single(t.unwrap(Handle.class), lane, now.plus(SINGLE)));
    }
  }

  private boolean isQuiet(Refused refused, Instant now) {
    Instant before = written.get(refused);
    if (before != null && now.isBefore(before.plus(QUIET))) {
      return true;
    }
    written.put(refused, now);
    return false;
  }
}
