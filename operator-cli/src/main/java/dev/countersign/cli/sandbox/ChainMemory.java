package dev.countersign.cli.sandbox;

import dev.countersign.cli.CommandException;
import dev.countersign.testenv.chain.ChainRpc;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Whether a chain still has what a database remembers of it. A node that was killed within two
/// seconds of a block has lost the block; then every later transaction would wait for ever.
final class ChainMemory {
  private static final String NEWEST_MINED =
      """
      SELECT DISTINCT ON (address) hash FROM nonce.transaction
      WHERE state IN ('MINED', 'CONFIRMED', 'REVERTED')
      ORDER BY address, nonce DESC
      """;

  private ChainMemory() {}

  static boolean isWhole(PostgresDatabase database, ChainRpc chain) {
    try (var connection = database.dataSource().getConnection()) {
      return newestMined(connection).stream()
          .allMatch(hash -> chain.call("eth_getTransactionReceipt", hash).isObject());
    } catch (SQLException e) {
      throw CommandException.unavailable(
          "cannot read which transactions the sandbox's database knows: " + e.getMessage(), e);
    }
  }

  private static List<String> newestMined(Connection connection) throws SQLException {
    var hashes = new ArrayList<String>();
    try (var statement = connection.createStatement()) {
      try (var table = statement.executeQuery("SELECT to_regclass('nonce.transaction')")) {
        // Before the first migration there is nothing to remember.
        if (!table.next() || table.getString(1) == null) {
          return hashes;
        }
      }
      try (var rows = statement.executeQuery(NEWEST_MINED)) {
        while (rows.next()) {
          hashes.add(rows.getString(1));
        }
      }
    }
    return hashes;
  }
}
