package dev.countersign.endtoend;

import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What is stored, read as superuser behind the server's back.
record Rows(PostgresDatabase database) {

  long number(String query) throws SQLException {
    return decimal(query).longValueExact();
  }

  BigDecimal decimal(String query) throws SQLException {
    return new BigDecimal(texts(query).getFirst());
  }

  /// {@return the first column as text}
  List<String> texts(String query) throws SQLException {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
