package dev.countersign.server.metrics;

import dev.countersign.audit.store.Witnessing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// For each witness of the audit log, how much of it it has cosigned, and whether the last try
/// failed; on the instance that brings it the checkpoints.
public final class WitnessMetrics {
  private WitnessMetrics() {}

  public static void register(Witnessing witnessing, MeterRegistry registry) {
    List<Witnessing.Status> all = witnessing.status();
    for (int i = 0; i < all.size(); i++) {
      int number = i;
      Gauge.builder(
              "countersign.witness.cosigned",
              () -> witnessing.status().get(number).cosigned().orElse(0))
          .description("Entries of the audit log that a witness cosigned last")
          .tag("witness", all.get(i).name())
          .tag("number", Integer.toString(i + 1))
          .register(registry);
      Gauge.builder(
              "countersign.witness.failing",
              () -> witnessing.status().get(number).problem().isPresent() ? 1 : 0)
          .description("1 when a witness did not cosign the last time it was asked")
          .tag("witness", all.get(i).name())
          .tag("number", Integer.toString(i + 1))
          .register(registry);
    }
  }
}
