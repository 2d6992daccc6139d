package dev.countersign.nonce.lane;

import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.LaneObstacle;
import java.util.List;
import java.util.Optional;

/// A lane as operators see it.
///
/// @param next the nonce that was never given out and follows all that were
/// @param free given out, released unsigned, and given out again first
/// @param inFlight how many transactions of it are owned or signed, and not seen mined
/// @param most how many may be
public record LaneView(
    Lane lane,
    Nonce next,
    List<Nonce> free,
    int inFlight,
    int most,
    Optional<LaneObstacle.Paused> pause) {
  public LaneView {
    free = List.copyOf(free);
  }
}
