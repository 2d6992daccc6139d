package dev.countersign.audit.store;

import dev.countersign.testenv.postgres.PostgresDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/// A line to the database that breaks at a chosen step of what goes over it: a step is a statement,
/// or the commit. It breaks once, and is whole from then on.
final class CutLine {
  private static final Set<String> STEPS = Set.of("prepareStatement", "commit");

  private final DataSource whole;
  private final Jdbi superuser;
  private Break how = Break.THROWS;
  private int stepsLeft;
  private boolean broke;

  /// What happens at the step.
  enum Break {
    /// The process fails before the step.
    THROWS,
    /// The server ends the session before the step (`pg_terminate_backend`), and the step is tried.
    KILLED,
    /// The step is done, and its answer is lost. Of a commit nobody knows then that it took.
    ANSWER_LOST
  }

  /// What a process throws that breaks off.
  static final class BrokenOff extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenOff(String message) {
      super(message);
    }
  }

  /// @param whole connections that do not break
  CutLine(DataSource whole, PostgresDatabase database) {
    this.whole = whole;
    this.superuser = Jdbi.create(database.dataSource());
  }

  /// Breaks at step `step` from now on, counted from 1; where there are fewer, not at all.
  Jdbi breakingAt(int step, Break how) {
    this.how = how;
    this.stepsLeft = step;
    this.broke = false;
    return Jdbi.create(() -> watched(whole.getConnection()));
  }

  /// Whether it broke since it was told to.
  boolean broke() {
    return broke;
  }

  private Connection watched(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            CutLine.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              boolean here = STEPS.contains(method.getName()) && --stepsLeft == 0;
              if (here) {
                broke = true;
              }
              if (here && how == Break.THROWS) {
                throw new BrokenOff("before " + method.getName());
              }
              if (here && how == Break.KILLED) {
                terminate(connection);
              }
              Object answer = call(connection, method, arguments);
              if (here && how == Break.ANSWER_LOST) {
                throw new BrokenOff("after " + method.getName());
              }
              return answer;
            });
  }

  private static Object call(Connection connection, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void terminate(Connection connection) throws SQLException {
    try (Statement asking = connection.createStatement();
        var answer = asking.executeQuery("SELECT pg_backend_pid()")) {
      answer.next();
      terminate(superuser, answer.getInt(1));
    }
  }

  /// Ends a session, and returns when it has ended.
  static void terminate(Jdbi superuser, int session) {
    superuser.useHandle(
        handle -> {
          if (!handle
              .createQuery("SELECT pg_terminate_backend(:session, 5000)")
              .bind("session", session)
              .mapTo(Boolean.class)
              .one()) {
            throw new AssertionError("session " + session + " does not end");
          }
        });
  }
}
