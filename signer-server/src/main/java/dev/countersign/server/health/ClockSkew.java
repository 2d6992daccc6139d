package dev.countersign.server.health;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import javax.sql.DataSource;

/// How far this machine's clock is from the database's. What is due is written by the clock of one
/// instance and found by that of another: one that is minutes ahead and dies leaves what it was
/// about to send to nobody for as long, and time locks and limits end at other times than people
/// were told.
public final class ClockSkew {
  /// Instances that keep time over a network are within a fraction of this.
  static final Duration ALLOWED = Duration.ofSeconds(5);

  private final DataSource database;
  private final InstantSource clock;

  public ClockSkew(DataSource database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// @return nothing while the database does not answer: that is another check's
  public Optional<String> problem() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      Instant before = clock.instant();
      Instant theirs;
      try (ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
        row.next();
        theirs = row.getObject(1, OffsetDateTime.class).toInstant();
      }
      Instant after = clock.instant();
      return problem(before, theirs, after);
    } catch (SQLException _) {
      return Optional.empty();
    }
  }

  /// The database looked at its clock some time between the two.
  static Optional<String> problem(Instant before, Instant theirs, Instant after) {
    Duration ahead = Duration.between(theirs, before);
    Duration behind = Duration.between(after, theirs);
    Duration skew = ahead.compareTo(behind) > 0 ? ahead : behind;
    return skew.compareTo(ALLOWED) > 0
        ? Optional.of(
            "this machine's clock is %d ms %s the database's, expected %d at most: set it by NTP"
                .formatted(
                    skew.toMillis(),
                    skew.equals(ahead) ? "ahead of" : "behind",
                    ALLOWED.toMillis()))
        : Optional.empty();
  }
}
