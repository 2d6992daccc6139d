package dev.countersign.endtoend;

import dev.countersign.testenv.postgres.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Holds the server where a transaction moves requests to a state: the transaction stands still,
/// with all it has done so far and nothing committed, until the gate is opened. The product knows
/// nothing of it: it is a trigger that waits for an advisory lock.
final class StateGate implements AutoCloseable {
  private static final int LOCK = 0x67617465;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Connection holder;

  private StateGate(Connection holder) {
    this.holder = holder;
  }

  /// Closes the gate before `state`. There is one at a time in a database.
  static StateGate before(PostgresDatabase database, String state) throws SQLException {
    var holder = database.dataSource().getConnection();
    execute(holder, "SELECT pg_advisory_lock(%d)".formatted(LOCK));
    execute(
        holder,
        """
        CREATE FUNCTION public.gate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_advisory_xact_lock_shared(%d);
          RETURN NEW;
        END $$
        """
            .formatted(LOCK));
    execute(
        holder,
        """
        CREATE TRIGGER gate BEFORE UPDATE ON signer.request FOR EACH ROW
        WHEN (NEW.state = '%s' AND OLD.state <> NEW.state) EXECUTE FUNCTION public.gate()
        """
            .formatted(state));
    return new StateGate(holder);
  }

  /// Returns when the server stands before the gate.
  void awaitArrival() throws SQLException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try (var statement = holder.createStatement();
          var rows =
              statement.executeQuery(
                  "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = "
                      + LOCK)) {
        if (rows.next()) {
          return;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("nobody came to the gate within " + PATIENCE);
  }

  @Override
  public void close() throws SQLException {
    open();
  }

  /// Opens it for good, if it is closed.
  void open() throws SQLException {
    if (holder.isClosed()) {
      return;
    }
    try (holder) {
      execute(holder, "SELECT pg_advisory_unlock(%d)".formatted(LOCK));
      execute(holder, "DROP TRIGGER gate ON signer.request");
      execute(holder, "DROP FUNCTION public.gate()");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
