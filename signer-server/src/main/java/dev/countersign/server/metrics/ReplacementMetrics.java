package dev.countersign.server.metrics;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.pipeline.ReplacementObserver;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;

/// Counts, for each chain, replacements that were permitted on this instance, and those that were
/// not and why.
@Singleton
final class ReplacementMetrics implements ReplacementObserver {
  private final MeterRegistry registry;

  ReplacementMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void permitted(ChainId chain, PayloadPurpose purpose) {
    Counter.builder("countersign.replacements")
        .description("Replacements of signed transactions that were permitted")
        .tag("chain", chain.caip2())
        .tag("purpose", purpose.text())
        .register(registry)
        .increment();
  }

  @Override
  public void refused(ChainId chain, Refusal.Code code) {
    Counter.builder("countersign.replacements.refused")
        .description("Replacements of signed transactions that were refused, by the reason")
        .tag("chain", chain.caip2())
        .tag("reason", code.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }
}
