package dev.countersign.mpc.ot;

import dev.countersign.mpc.group.ScalarVector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The scalars that the rows of a matrix hash to: row and column are in every hash.
final class RowPads {
  private RowPads() {}

  static List<ScalarVector> empty(int columns) {
    return Stream.generate(() -> new ScalarVector(Extension.ROWS)).limit(columns).toList();
  }

  /// @param low what is added to each row first, its first word, and its second in `high`
  static void fill(List<ScalarVector> pads, ShortHash hash, long[] rows, long low, long high) {
    byte[] bytes = new byte[ShortHash.HASH_BYTES];
    long[] row = new long[2];
    for (int i = 0; i < Extension.ROWS; i++) {
      row[0] = rows[2 * i] ^ low;
      row[1] = rows[2 * i + 1] ^ high;
      hash.secret(row, 0);
      for (int column = 0; column < pads.size(); column++) {
        hash.hash(i, column, bytes, 0);
        pads.get(column).setReduced(i, bytes, 0);
      }
    }
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(row, 0);
  }
}
