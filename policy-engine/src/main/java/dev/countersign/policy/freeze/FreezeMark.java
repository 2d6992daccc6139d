package dev.countersign.policy.freeze;

import java.sql.ResultSet;
import java.sql.SQLException;

/// How far the tables of freezes and thaws have come. Neither goes back.
///
/// @param freezes the number of the last freeze, 0 before the first
/// @param thaws that of the last thaw
record FreezeMark(long freezes, long thaws) {
  /// From the columns `freezes` and `thaws`.
  static FreezeMark of(ResultSet row) throws SQLException {
    return new FreezeMark(row.getLong("freezes"), row.getLong("thaws"));
  }

  boolean isAtLeast(FreezeMark other) {
    return freezes >= other.freezes && thaws >= other.thaws;
  }
}
