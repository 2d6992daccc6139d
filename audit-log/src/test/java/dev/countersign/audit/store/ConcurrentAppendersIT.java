package dev.countersign.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.audit.verify.VerificationResult.Verified;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Many appenders whose transactions commit out of order, and some not at all, under two
/// integrators at once.
@WithTestEnvironment
@Timeout(120)
class ConcurrentAppendersIT {
  private static final int APPENDERS = 8;
  private static final int TRANSACTIONS = 40;

  private final TestLog log;

  @TempDir Path directory;

  ConcurrentAppendersIT(PostgresDatabase database) {
    this.log = new TestLog(database);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void everyCommittedEntryHasOnePlaceAndEveryAppenderItsOrder() throws Exception {
    List<List<String>> committed = new ArrayList<>();
    try (Integrator first = log.integrator();
        Integrator second = log.integrator();
        ExecutorService threads = Executors.newFixedThreadPool(APPENDERS)) {
      first.start();
      second.start();
      List<Future<List<String>>> running = new ArrayList<>();
      for (int i = 0; i < APPENDERS; i++) {
        int appender = i;
        running.add(threads.submit(() -> appendMuch(appender)));
      }
      for (Future<List<String>> one : running) {
        committed.add(one.get());
      }
      TestLog.awaitIntegration(first);
      TestLog.awaitIntegration(second);
      await().atMost(Duration.ofSeconds(30)).until(() -> log.gaps().equals(Gaps.NONE));
      assertThat(first.problem()).isEmpty();
      assertThat(second.problem()).isEmpty();
    }
    List<String> inTheTree = log.names();
    List<String> all = committed.stream().flatMap(List::stream).toList();
    assertThat(inTheTree).containsExactlyInAnyOrderElementsOf(all);
    Map<String, Integer> places = new HashMap<>();
    inTheTree.forEach(name -> places.put(name, places.size()));
    for (List<String> ofOne : committed) {
      assertThat(ofOne.stream().map(places::get)).isSorted();
    }
    assertThat(log.exportAndVerify(directory))
        .isInstanceOfSatisfying(
            Verified.class, verified -> assertThat(verified.entries()).isEqualTo(all.size()));
  }

  /// The names of the entries that were committed, in the order they were appended.
  private List<String> appendMuch(int appender) {
    Random random = new Random(appender);
    List<String> committed = new ArrayList<>();
    for (int i = 0; i < TRANSACTIONS; i++) {
      List<String> names = new ArrayList<>();
      boolean rollback = random.nextInt(4) == 0;
      int statements = 1 + random.nextInt(2);
      try {
        int transactionNumber = i;
        log.unitOfWork.run(
            transaction -> {
              for (int s = 0; s < statements; s++) {
                String[] some = new String[1 + random.nextInt(3)];
                for (int n = 0; n < some.length; n++) {
                  some[n] = "%d/%d/%d/%d".formatted(appender, transactionNumber, s, n);
                }
                log.append(transaction, some);
                names.addAll(List.of(some));
                pause(random.nextInt(12));
              }
              if (rollback) {
                throw new RolledBack();
              }
            });
        committed.addAll(names);
      } catch (RolledBack e) {
        assertThat(rollback).isTrue();
      }
    }
    return committed;
  }

  private static final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
