package dev.countersign.nonce.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.database.JdbiUnitOfWork;
import dev.countersign.nonce.testing.NonceBench;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lanes, as three instances and a bad chain of bad nodes treat them: whatever happens in
/// whatever order, no nonce has two payloads, none is left out, no request is lost, and everything
/// goes on once faults stop. `build/soak lanes` runs more of it.
@WithTestEnvironment
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.HOURS)
class LaneModelIT {
  private static final Logger LOG = LoggerFactory.getLogger(LaneModelIT.class);
  private static final int STEPS = 45;
  private static final int THREADS = 2;

  /// After so many no more are looked for.
  private static final int MOST_FAILURES = Integer.getInteger("model.failures", 5);

  private final NonceBench bench;
  private final HikariDataSource pool;
  private final UnitOfWork unitOfWork;

  LaneModelIT(PostgresDatabase database) {
    this.bench =
        new NonceBench(
            database, ChainId.ofEip155(1), List.of(URI.create("http://nowhere.invalid")), 1);
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    config.setMaximumPoolSize(2 * THREADS);
    // What dies here is an instance, never the database.
    config.setConnectionInitSql("SET synchronous_commit TO off");
    this.pool = new HikariDataSource(config);
    this.unitOfWork = new JdbiUnitOfWork(Jdbi.create(pool));
  }

  @AfterAll
  void close() {
    pool.close();
    bench.close();
  }

  /// A seed stands for its chain and its requests too: whoever runs it again must find none of
  /// them.
  @BeforeEach
  void empty() {
    bench
        .owner()
        .useHandle(
            handle ->
                handle.execute(
                    "TRUNCATE nonce.lane, nonce.transaction, nonce.replacement, nonce.tracker,"
                        + " test_request"));
  }

  /// Seeds that went red when a guard was taken out of the code; whatever else is changed, those
  /// guards stay. What happens follows from the seed but for one thing: which of the nodes that are
  /// asked at once answers first.
  @ParameterizedTest
  @ValueSource(longs = {1, 17, 54})
  void whatWasFoundOnceIsNotFoundAgain(long seed) {
    try (LaneModel model = new LaneModel(unitOfWork, seed)) {
      model.run(STEPS);
    }
  }

  @Test
  void nothingIsLostOrDoubledUnderAnySeed() throws InterruptedException {
    long first = Long.getLong("model.first", 1);
    long seeds = Long.getLong("model.seeds", 200);
    AtomicLong next = new AtomicLong(first);
    var failures = new ConcurrentLinkedQueue<String>();
    var all = new ConcurrentLinkedQueue<Happened>();
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        threads.execute(
            () -> {
              for (long seed = next.getAndIncrement();
                  seed < first + seeds && failures.size() < MOST_FAILURES;
                  seed = next.getAndIncrement()) {
                run(seed, failures).ifPresent(all::add);
              }
            });
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(2, TimeUnit.HOURS)).isTrue();
    }
    assertThat(failures).isEmpty();
    Happened happened = all.stream().reduce(Happened.NOTHING, Happened::and);
    LOG.info("{} seeds: {}", all.size(), happened);
    assertThat(all).as("seeds that were run to their ends").hasSize(Math.toIntExact(seeds));
    // A model in which nothing goes wrong shows nothing.
    assertThat(happened.confirmed()).isGreaterThan(5L * all.size());
    assertThat(happened.crashes()).isGreaterThan(all.size());
    assertThat(happened.heldUp()).isGreaterThan(5L * all.size());
    assertThat(happened.failed()).isPositive();
    assertThat(happened.foreign()).isPositive();
    assertThat(happened.cancelled()).isPositive();
    assertThat(happened.outbid()).isGreaterThan(all.size() / 2);
    assertThat(happened.obstructed()).isGreaterThan(all.size());
    assertThat(happened.unfunded()).isPositive();
    assertThat(happened.alarms()).isPositive();
    assertThat(happened.reopened()).isPositive();
  }

  /// Whatever it is that goes wrong, its seed is told.
  private Optional<Happened> run(long seed, ConcurrentLinkedQueue<String> failures) {
    try (LaneModel model = new LaneModel(unitOfWork, seed)) {
      try {
        return Optional.of(model.run(STEPS));
      } catch (Throwable e) {
        LOG.error("seed {}: {}", seed, e.toString());
        failures.add(
            "seed %d: %s%n  %s"
                .formatted(
                    seed, trace(e), String.join(System.lineSeparator() + "  ", model.story())));
        return Optional.empty();
      }
    }
  }

  private static String trace(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
