package dev.countersign.database;

import dev.countersign.core.port.StoreUnavailableException;
import dev.countersign.core.port.Transaction;
import dev.countersign.core.port.UnitOfWork;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Transactions over a connection pool; they [Transaction#unwrap] to a Jdbi [Handle].
///
/// Isolation is READ COMMITTED because that is PostgreSQL's default, which the pool must not
/// change: to set it here would ask the server twice more in every transaction.
///
/// A transaction that PostgreSQL ended to break a deadlock, or for serialisation, is run again from
/// its start, so `work` must not have effects outside of it.
public final class JdbiUnitOfWork implements UnitOfWork {
  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_WAIT = Duration.ofMillis(5);

  private final Jdbi jdbi;
  private final Retry retry;

  public JdbiUnitOfWork(Jdbi jdbi) {
    this.jdbi = jdbi;
    this.retry =
        Retry.of(
            "transaction",
            RetryConfig.custom()
                .maxAttempts(ATTEMPTS)
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(FIRST_WAIT))
                .retryOnException(SqlState::asksForRetry)
                .build());
  }

  @Override
  public <T> T inTransaction(Function<Transaction, T> work) {
    try {
      return retry.executeSupplier(() -> attempt(work));
    } catch (RuntimeException e) {
      if (SqlState.isUnavailable(e)) {
        throw new StoreUnavailableException(
            SqlState.isDiskFull(e)
                ? "the database's disk is full; make room, then try again"
                : "the database cannot be reached; try again",
            e);
      }
      throw e;
    }
  }

  private <T> T attempt(Function<Transaction, T> work) {
    JdbiTransaction[] opened = new JdbiTransaction[1];
    T result =
        jdbi.withHandle(
            handle -> {
              if (handle.isInTransaction()) {
                // Jdbi would join that transaction, which nobody commits.
                throw new IllegalStateException(
                    "the pool gave a connection that is not in auto-commit mode; set it to be");
              }
              return handle.inTransaction(
                  _ -> {
                    opened[0] = new JdbiTransaction(handle);
                    return work.apply(opened[0]);
                  });
            });
    opened[0].committed();
    return result;
  }
}
