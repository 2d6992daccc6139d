package dev.countersign.database;

import dev.countersign.core.model.Bytes;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// Values as parallel arrays, one for each column, for set-based statements: `FROM unnest(:id,
/// :digest) AS row (id, digest)`. Each array carries its type, so no casts are needed.
public final class SqlRows<T> {
  private final List<T> rows;
  private final Map<String, Column> columns = new LinkedHashMap<>();

  private SqlRows(List<T> rows) {
    this.rows = rows;
  }

  public static <T> SqlRows<T> of(Collection<T> rows) {
    return new SqlRows<>(List.copyOf(rows));
  }

  public SqlRows<T> uuid(String name, Function<? super T, @Nullable UUID> value) {
    return column(name, "uuid", value);
  }

  public SqlRows<T> text(String name, Function<? super T, @Nullable String> value) {
    return column(name, "text", value);
  }

  public SqlRows<T> bytea(String name, Function<? super T, @Nullable Bytes> value) {
    return column(name, "bytea", value);
  }

  public SqlRows<T> bigint(String name, Function<? super T, @Nullable Long> value) {
    return column(name, "int8", value);
  }

  public SqlRows<T> numeric(String name, Function<? super T, @Nullable BigInteger> value) {
    return column(name, "numeric", value);
  }

  public SqlRows<T> bool(String name, Function<? super T, @Nullable Boolean> value) {
    return column(name, "bool", value);
  }

  /// To the microsecond, which is all that PostgreSQL keeps.
  public SqlRows<T> timestamptz(String name, Function<? super T, @Nullable Instant> value) {
    return column(name, "timestamptz", value);
  }

  public SqlRows<T> date(String name, Function<? super T, @Nullable LocalDate> value) {
    return column(name, "date", value);
  }

  private SqlRows<T> column(
      String name, String type, Function<? super T, ? extends @Nullable Object> value) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(driverValue(value.apply(row))));
    columns.put(name, new Column(type, values));
    return this;
  }

  private static @Nullable Object driverValue(@Nullable Object value) {
    return switch (value) {
      case Bytes bytes -> bytes.toArray();
      case Instant instant -> instant.toString();
      case LocalDate date -> date.toString();
      case null, default -> value;
    };
  }

  /// Binds every column under its name, and gives `statement` back.
  public <S extends SqlStatement<S>> S bindTo(S statement) {
    columns.forEach((name, column) -> statement.bind(name, column));
    return statement;
  }

  private record Column(String type, List<@Nullable Object> values) implements Argument {
    @Override
    public void apply(int position, PreparedStatement statement, StatementContext context)
        throws SQLException {
      // The driver looks at the array's own type to find its fast path for bytes.
      Object[] array = type.equals("bytea") ? values.toArray(byte[][]::new) : values.toArray();
      statement.setArray(position, statement.getConnection().createArrayOf(type, array));
    }
  }
}
