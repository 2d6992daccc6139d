package dev.countersign.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithTestEnvironment
@Timeout(60)
class ClockSkewIT {
  private static final Instant T = Instant.parse("2026-11-24T12:00:00Z");

  private final PostgresDatabase database;

  ClockSkewIT(PostgresDatabase database) {
    this.database = database;
  }

  @Test
  void aClockThatIsRightIsNoProblem() {
    assertThat(skewed(Duration.ZERO).problem()).isEmpty();
    assertThat(skewed(Duration.ofSeconds(3)).problem()).isEmpty();
  }

  @Test
  void aClockThatIsAheadOrBehindIsSaid() {
    assertThat(skewed(Duration.ofMinutes(5)).problem())
        .hasValueSatisfying(
            words -> assertThat(words).contains("ahead of the database's", "5000 at most"));
    assertThat(skewed(Duration.ofMinutes(-5)).problem())
        .hasValueSatisfying(words -> assertThat(words).contains("behind the database's"));
  }

  /// However long the database took over its answer.
  @Test
  void whatMayHaveBeenTheWayThereIsNoSkew() {
    assertThat(ClockSkew.problem(T, T.plusSeconds(10), T.plusSeconds(20))).isEmpty();
    assertThat(ClockSkew.problem(T, T.plusSeconds(26), T.plusSeconds(20))).isPresent();
    assertThat(ClockSkew.problem(T, T.minusSeconds(6), T.plusSeconds(20))).isPresent();
  }

  private ClockSkew skewed(Duration by) {
    return new ClockSkew(database.dataSource(), InstantSource.offset(InstantSource.system(), by));
  }
}
