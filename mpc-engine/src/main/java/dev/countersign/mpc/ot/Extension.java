package dev.countersign.mpc.ot;

import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.Transcript;

/// What the two sides of an OT extension have in common. SoftSpokenOT (Roy, eprint 2022/192) with
/// κ = 128, k = 2 and the repetition code; the consistency check is made non-interactive by a hash,
/// as section 5.1 of DKLs23 (eprint 2023/765) has it, in GF(2^128), so that σ = 128.
///
/// A matrix has 128 columns. By columns it is ten words of each, by rows two words of each of 640
/// rows, of which the last 128 are there for the check alone.
final class Extension {
  static final int COLUMNS = 128;
  static final int ROWS = 512;
  static final int CHECK_ROWS = 128;
  static final int BLOCKS = ROWS / CHECK_ROWS;

  /// Of a column.
  static final int COLUMN_WORDS = (ROWS + CHECK_ROWS) / Long.SIZE;

  static final int COLUMN_BYTES = COLUMN_WORDS * Long.BYTES;
  private static final int WORD = 64;

  private Extension() {}

  /// By which seeds become columns: under session, pair and nonce of this run, each seed at a place
  /// of its own.
  static BlockHash expansion(PairId direction, byte[] nonce) {
    return new BlockHash(
        Transcript.of("OT extension expansion")
            .add("pair", direction)
            .add("nonce", nonce)
            .digest());
  }

  /// One column of each seed, which the caller wipes.
  ///
  /// @param places of the seeds among all leaves; they may be secret
  static long[] expand(BlockHash expansion, byte[] seeds, int[] places) {
    long[] words = new long[seeds.length / Long.BYTES];
    Bits.load(words, 0, seeds, 0, words.length);
    long[] columns = expansion.expand(words, places, COLUMN_WORDS / 2);
    java.util.Arrays.fill(words, 0);
    return columns;
  }

  /// The challenges χ, one element of GF(2^128) a block, two words each.
  static long[] challenges(PairId direction, ExtensionMessage message) {
    long[] challenges = new long[2 * BLOCKS];
    byte[] bytes =
        Transcript.of("OT extension challenge")
            .add("pair", direction)
            .add("nonce", message.nonce())
            .add("corrections", message.corrections())
            .expand(challenges.length * Long.BYTES);
    Bits.load(challenges, 0, bytes, 0, challenges.length);
    return challenges;
  }

  /// From columns to rows.
  static long[] rows(long[] columns) {
    long[] rows = new long[2 * (ROWS + CHECK_ROWS)];
    long[] square = new long[WORD];
    for (int word = 0; word < COLUMN_WORDS; word++) {
      for (int half = 0; half < 2; half++) {
        for (int i = 0; i < WORD; i++) {
          square[i] = columns[(half * WORD + i) * COLUMN_WORDS + word];
        }
        Bits.transpose(square);
        for (int i = 0; i < WORD; i++) {
          rows[2 * (word * WORD + i) + half] = square[i];
        }
      }
    }
    return rows;
  }

  /// The check rows plus each block times its challenge, for all columns at once: row k has the
  /// coefficient of X^k of every column's element of GF(2^128). The challenges are public; they
  /// alone say what is added where.
  ///
  /// @param width words of a row
  static long[] combined(long[] rows, int width, long[] challenges) {
    int block = CHECK_ROWS * width;
    long[] sum = new long[2 * block];
    System.arraycopy(rows, BLOCKS * block, sum, 0, block);
    for (int m = 0; m < BLOCKS; m++) {
      for (int power = 0; power < CHECK_ROWS; power++) {
        if ((challenges[2 * m + (power >>> 6)] >>> (power & 63) & 1) == 1) {
          add(sum, power * width, rows, m * block, block);
        }
      }
    }
    // X^128 = X^7 + X^2 + X + 1.
    for (int row = 2 * CHECK_ROWS - 2; row >= CHECK_ROWS; row--) {
      int low = (row - CHECK_ROWS) * width;
      for (int i = 0; i < width; i++) {
        long term = sum[row * width + i];
        sum[low + i] ^= term;
        sum[low + width + i] ^= term;
        sum[low + 2 * width + i] ^= term;
        sum[low + 7 * width + i] ^= term;
      }
    }
    long[] reduced = new long[block];
    System.arraycopy(sum, 0, reduced, 0, block);
    java.util.Arrays.fill(sum, 0);
    return reduced;
  }

  private static void add(long[] to, int at, long[] from, int start, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] ^= from[start + i];
    }
  }

  /// What the pads of the rows are hashed with: the whole of this run, and a nonce of the sender's,
  /// so that neither side can have the other make the same pads twice.
  static RowPads pads(PairId direction, ExtensionMessage message, byte[] senderNonce) {
    return new RowPads(
        Transcript.of("OT extension pads")
            .add("pair", direction)
            .add("message", message.digest())
            .add("sender", senderNonce)
            .expand(ShortHash.HASH_BYTES + BlockHash.KEY_BYTES));
  }
}
