package dev.countersign.nonce.tracking;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.nonce.lane.LaneGaps;
import dev.countersign.nonce.lane.LaneGaps.Gap;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says so when signed transactions wait for a nonce that was given back: nothing but a new request
/// of their account fills it, and none may come. Not for several threads at once.
final class GapAlarm {
  private static final Logger LOG = LoggerFactory.getLogger(GapAlarm.class);

  /// How long it is left to the next request.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /// After this long it is said again.
  static final Duration AGAIN = Duration.ofHours(1);

  private final UnitOfWork unitOfWork;
  private final ChainId chain;
  private final InstantSource clock;
  private final Map<Place, Instant> due = new HashMap<>();

  private record Place(Lane lane, Nonce nonce) {
    static Place of(Gap gap) {
      return new Place(gap.lane(), gap.nonce());
    }
  }

  /// @param unitOfWork of the instance that follows the chain
  GapAlarm(UnitOfWork unitOfWork, ChainId chain, InstantSource clock) {
    this.unitOfWork = unitOfWork;
    this.chain = chain;
    this.clock = clock;
  }

  /// Forgets what it has seen: another instance has followed the chain meanwhile.
  void forget() {
    due.clear();
  }

  /// @return the gaps that it said something of
  List<Gap> look() {
    List<Gap> gaps =
        unitOfWork.inTransaction(
            transaction -> LaneGaps.of(transaction.unwrap(Handle.class), chain));
    Instant now = clock.instant();
    due.keySet().retainAll(gaps.stream().map(Place::of).collect(Collectors.toSet()));
    gaps.forEach(gap -> due.putIfAbsent(Place.of(gap), now.plus(PATIENCE)));
    List<Gap> overdue =
        gaps.stream().filter(gap -> !now.isBefore(due.getOrDefault(Place.of(gap), now))).toList();
    overdue.forEach(
        gap -> {
          due.put(Place.of(gap), now.plus(AGAIN));
          LOG.warn(
              "ALARM: chain {}: {} signed transactions of {} wait for nonce {}, which was given"
                  + " back: it is filled by the next request of its wallet {} blobs, whichever it"
                  + " is",
              chain,
              gap.waiting(),
              gap.lane().address(),
              gap.nonce(),
              gap.withBlobs() ? "with" : "without");
        });
    return overdue;
  }
}
