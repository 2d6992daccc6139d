package dev.countersign.nonce.lane;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.LaneObstacle;
import java.time.Instant;
import java.util.Optional;

/// A row of `nonce.lane`, read under its lock or not.
///
/// @param pause why it gives no nonce, if it does not
/// @param singleUntil until when one transaction at a time may be in flight, if it is so
/// @param resumedAt from which nonce on it went on when an operator last resumed it: those below
/// are mined finally, whoever used them
record LockedLane(
    LaneState state,
    Optional<LaneObstacle.Paused> pause,
    Optional<Instant> singleUntil,
    Nonce resumedAt) {

  /// @param most of its chain
  int most(int most, Instant now) {
    return singleUntil.filter(now::isBefore).isPresent() ? 1 : most;
  }

  /// Nobody owns `nonce` any longer. What was mined when the lane was resumed is not given out
  /// again: it can only be lost.
  ///
  /// @throws IllegalArgumentException when nobody did
  LockedLane released(Nonce nonce) {
    return nonce.compareTo(resumedAt) < 0 ? this : with(state.released(nonce));
  }

  LockedLane with(LaneState changed) {
    return new LockedLane(changed, pause, singleUntil, resumedAt);
  }
}
