package dev.countersign.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.function.Predicate;

/// What PostgreSQL's error codes ask of the caller (PostgreSQL documentation, appendix A).
final class SqlState {
  private static final Set<String> RETRY = Set.of("40001", "40P01");

  /// Connection exceptions, insufficient resources, operator intervention, system error.
  private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58");

  private static final String DISK_FULL = "53100";

  private SqlState() {}

  static boolean asksForRetry(Throwable thrown) {
    return anyCause(thrown, e -> e.getSQLState() != null && RETRY.contains(e.getSQLState()));
  }

  static boolean isUnavailable(Throwable thrown) {
    return anyCause(
        thrown,
        e ->
            e instanceof SQLTransientConnectionException
                || (e.getSQLState() != null
                    && e.getSQLState().length() == 5
                    && UNAVAILABLE_CLASSES.contains(e.getSQLState().substring(0, 2))));
  }

  static boolean isDiskFull(Throwable thrown) {
    return anyCause(thrown, e -> DISK_FULL.equals(e.getSQLState()));
  }

  private static boolean anyCause(Throwable thrown, Predicate<SQLException> test) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && test.test(sql)) {
        return true;
      }
    }
    return false;
  }
}
