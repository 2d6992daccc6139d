package dev.countersign.mpc.ot;

import dev.countersign.mpc.group.ScalarVector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The scalars that the rows of a matrix hash to. What makes the two pads of a row independent,
/// though all rows differ by the same Δ, is SHA-256 with session, pair and number of the row in it:
/// 256 bits come out. Of these the columns are made by AES under a key of the session, the first
/// half as the block that is expanded, with row and column in the tweak, and the second half added
/// to every block.
final class RowPads {
  /// Of a scalar.
  private static final int BLOCKS = 2;

  private static final int[] PLACES = IntStream.range(0, Extension.ROWS).toArray();

  private final ShortHash hash;
  private final BlockHash expansion;

  /// @param seed of 64 bytes: the hash's prefix and the key of the expansion
  RowPads(byte[] seed) {
    this.hash = new ShortHash(seed);
    this.expansion = new BlockHash(Arrays.copyOfRange(seed, ShortHash.HASH_BYTES, seed.length));
  }

  /// @param low what is added to each row first, its first word, and its second in `high`
  /// @return a vector of each column
  List<ScalarVector> of(long[] rows, long low, long high, int columns) {
    long[] inputs = new long[2 * Extension.ROWS];
    long[] covers = new long[2 * Extension.ROWS];
    byte[] bytes = new byte[ShortHash.HASH_BYTES];
    long[] row = new long[2];
    for (int i = 0; i < Extension.ROWS; i++) {
      row[0] = rows[2 * i] ^ low;
      row[1] = rows[2 * i + 1] ^ high;
      hash.secret(row, 0);
      hash.hash(i, bytes, 0);
      Bits.load(inputs, 2 * i, bytes, 0, 2);
      Bits.load(covers, 2 * i, bytes, ShortHash.HASH_BYTES / 2, 2);
    }
    long[] words = expansion.expand(inputs, PLACES, BLOCKS * columns);
    List<ScalarVector> pads =
        Stream.generate(() -> new ScalarVector(Extension.ROWS)).limit(columns).toList();
    for (int column = 0; column < columns; column++) {
      ScalarVector pad = pads.get(column);
      for (int i = 0; i < Extension.ROWS; i++) {
        int at = 2 * BLOCKS * (i * columns + column);
        long even = covers[2 * i];
        long odd = covers[2 * i + 1];
        pad.setReduced(
            i, words[at] ^ even, words[at + 1] ^ odd, words[at + 2] ^ even, words[at + 3] ^ odd);
      }
    }
    Arrays.fill(bytes, (byte) 0);
    for (long[] secret : new long[][] {row, inputs, covers, words}) {
      Arrays.fill(secret, 0);
    }
    return pads;
  }

  void wipe() {
    hash.wipe();
  }
}
