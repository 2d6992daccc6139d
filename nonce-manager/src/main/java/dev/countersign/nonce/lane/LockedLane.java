package dev.countersign.nonce.lane;

import dev.countersign.core.port.LaneObstacle;
import java.time.Instant;
import java.util.Optional;

/// A row of `nonce.lane`, read under its lock or not.
///
/// @param pause why it gives no nonce, if it does not
/// @param singleUntil until when one transaction at a time may be in flight, if it is so
record LockedLane(
    LaneState state, Optional<LaneObstacle.Paused> pause, Optional<Instant> singleUntil) {

  /// @param most of its chain
  int most(int most, Instant now) {
    return singleUntil.filter(now::isBefore).isPresent() ? 1 : most;
  }

  LockedLane with(LaneState changed) {
    return new LockedLane(changed, pause, singleUntil);
  }
}
