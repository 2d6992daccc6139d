package dev.countersign.core.pipeline;

import java.time.Duration;

/// Sees what the pipeline does, for metrics.
public interface PipelineObserver {

  /// A stage of the pipeline that works on batches or single requests.
  enum Stage {
    PRICE,
    ADMIT,
    SIGN,
    SETTLE
  }

  void completed(Stage stage, int size, Duration took);

  /// For those who do not look.
  PipelineObserver NONE = (stage, size, took) -> {};
}
