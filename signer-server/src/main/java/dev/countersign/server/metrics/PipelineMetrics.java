package dev.countersign.server.metrics;

import dev.countersign.core.pipeline.PipelineObserver;
import dev.countersign.core.request.RequestMove;
import dev.countersign.core.request.RequestState;
import dev.countersign.server.store.PostgresRequestLedger.MoveListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Counts requests by the state they enter on this instance, and times each stage and batch of the
/// pipeline.
@Singleton
final class PipelineMetrics implements PipelineObserver, MoveListener {
  private final Map<RequestState, Counter> moves = new EnumMap<>(RequestState.class);
  private final Map<Stage, Timer> times = new EnumMap<>(Stage.class);
  private final Map<Stage, DistributionSummary> sizes = new EnumMap<>(Stage.class);

  PipelineMetrics(MeterRegistry registry) {
    for (RequestState state : RequestState.values()) {
      moves.put(
          state,
          Counter.builder("countersign.requests")
              .description("Requests that entered a state on this instance")
              .tag("state", label(state))
              .register(registry));
    }
    for (Stage stage : Stage.values()) {
      times.put(
          stage,
          Timer.builder("countersign.pipeline.stage")
              .description("How long a batch of a stage took")
              .tag("stage", label(stage))
              .publishPercentileHistogram()
              .minimumExpectedValue(Duration.ofMillis(1))
              .maximumExpectedValue(Duration.ofSeconds(30))
              .register(registry));
      sizes.put(
          stage,
          DistributionSummary.builder("countersign.pipeline.batch.size")
              .description("Requests in a batch of a stage")
              .tag("stage", label(stage))
              .publishPercentileHistogram()
              .minimumExpectedValue(1.0)
              .maximumExpectedValue(4_096.0)
              .register(registry));
    }
  }

  @Override
  public void completed(Stage stage, int size, Duration took) {
    of(times, stage).record(took);
    of(sizes, stage).record(size);
  }

  @Override
  public void moved(List<RequestMove> made) {
    made.forEach(move -> of(moves, move.to()).increment());
  }

  private static <K, M> M of(Map<K, M> meters, K key) {
    return Objects.requireNonNull(meters.get(key), "a meter for each");
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
