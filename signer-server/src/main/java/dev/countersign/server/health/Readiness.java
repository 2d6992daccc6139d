package dev.countersign.server.health;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.reactivestreams.Publisher;

/// Whether the server can do its work: `UP`, or `DOWN` when it lacks something vital. What it lacks
/// is named either way.
@Singleton
@io.micronaut.management.health.indicator.annotation.Readiness
final class Readiness implements HealthIndicator {
  private static final String NAME = "countersign";

  private final List<Check> checks;

  Readiness(Checks checks) {
    this.checks = checks.all();
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return Publishers.fromCompletableFuture(
        () -> {
          CompletableFuture<HealthResult> result = new CompletableFuture<>();
          Thread.ofVirtual().name("readiness").start(() -> complete(result));
          return result;
        });
  }

  private void complete(CompletableFuture<HealthResult> result) {
    try {
      result.complete(look());
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /// All at once: each may have to wait for something that does not answer.
  private HealthResult look() {
    Map<String, String> details = new LinkedHashMap<>();
    boolean ready = true;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Check, CompletableFuture<Optional<String>>> looking = new LinkedHashMap<>();
      for (Check check : checks) {
        looking.put(check, CompletableFuture.supplyAsync(() -> check.problem().find(), threads));
      }
      for (Map.Entry<Check, CompletableFuture<Optional<String>>> one : looking.entrySet()) {
        Optional<String> problem = one.getValue().join();
        details.put(one.getKey().name(), problem.orElse("UP"));
        ready &= problem.isEmpty() || !one.getKey().vital();
      }
    }
    return HealthResult.builder(NAME, ready ? HealthStatus.UP : HealthStatus.DOWN)
        .details(details)
        .build();
  }
}
