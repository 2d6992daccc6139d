package dev.countersign.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;

/// Counts the statements that are sent to the database, those that fail included.
public final class SqlStatements implements SqlLogger {
  private final Counter statements;

  public SqlStatements(MeterRegistry registry) {
    this.statements =
        Counter.builder("countersign.sql.statements")
            .description("Statements sent to the database")
            .register(registry);
  }

  @Override
  public void logAfterExecution(StatementContext context) {
    statements.increment();
  }

  @Override
  public void logException(StatementContext context, SQLException exception) {
    statements.increment();
  }
}
