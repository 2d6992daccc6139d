package dev.countersign.mpc.ot;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.ScalarVector;
import dev.countersign.mpc.transcript.PairId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The receiver of 512 OTs of scalars, by its choice bits. Its maker closes it.
public final class ExtensionReceiver implements AutoCloseable {
  private static final int[] PLACES =
      IntStream.range(0, SeedTrees.TREES * SeedTrees.LEAVES).toArray();

  private final PairId direction;
  private final long[] rows;
  private final ExtensionMessage message;

  private ExtensionReceiver(PairId direction, long[] rows, ExtensionMessage message) {
    this.direction = direction;
    this.rows = rows;
    this.message = message;
  }

  /// @param direction from this receiver to the sender
  /// @param choices 512 bits in words of 64; they stay the caller's
  /// @throws ProtocolAbortException with REUSE when the seeds are closed
  public static ExtensionReceiver extend(
      PairId direction, ReceiverSeeds seeds, long[] choices, SecureRandom random)
      throws ProtocolAbortException {
    byte[] known = seeds.bytes();
    byte[] nonce = new byte[ExtensionMessage.NONCE_BYTES];
    random.nextBytes(nonce);
    long[] padded = padded(choices, random);
    byte[] message = new byte[ExtensionMessage.BYTES];
    System.arraycopy(nonce, 0, message, 0, nonce.length);
    long[] leaves = Extension.expand(Extension.expansion(direction, nonce), known, PLACES);
    Arrays.fill(known, (byte) 0);
    long[] columns = columns(leaves, padded, message);
    Arrays.fill(leaves, 0);
    long[] rows = Extension.rows(columns);
    Arrays.fill(columns, 0);
    long[] challenges = Extension.challenges(direction, new ExtensionMessage(message));
    long[] choiceRows = new long[Extension.ROWS + Extension.CHECK_ROWS];
    for (int i = 0; i < choiceRows.length; i++) {
      choiceRows[i] = padded[i >>> 6] >>> (i & 63) & 1;
    }
    long[] sum = Extension.combined(choiceRows, 1, challenges);
    long[] choiceSum = new long[2];
    for (int i = 0; i < sum.length; i++) {
      choiceSum[i >>> 6] |= sum[i] << (i & 63);
    }
    Bits.store(message, ExtensionMessage.CHOICE_SUM, choiceSum, 0, choiceSum.length);
    long[] rowSums = Extension.combined(rows, 2, challenges);
    Bits.store(message, ExtensionMessage.ROW_SUMS, rowSums, 0, rowSums.length);
    Arrays.fill(padded, 0);
    Arrays.fill(choiceRows, 0);
    return new ExtensionReceiver(direction, rows, new ExtensionMessage(message));
  }

  /// With random bits for the check.
  private static long[] padded(long[] choices, SecureRandom random) {
    if (choices.length * Long.SIZE != Extension.ROWS) {
      throw new IllegalArgumentException(
          "expected %d choice bits, got %d".formatted(Extension.ROWS, choices.length * Long.SIZE));
    }
    long[] padded = Arrays.copyOf(choices, Extension.COLUMN_WORDS);
    byte[] more = new byte[Extension.CHECK_ROWS / Byte.SIZE];
    random.nextBytes(more);
    Bits.load(padded, choices.length, more, 0, padded.length - choices.length);
    Arrays.fill(more, (byte) 0);
    return padded;
  }

  /// Of tree g with leaves r: columns 2g and 2g + 1 are r1 + r3 and r2 + r3, the correction is the
  /// sum of all four and of the choices.
  private static long[] columns(long[] leaves, long[] choices, byte[] message) {
    int words = Extension.COLUMN_WORDS;
    long[] columns = new long[Extension.COLUMNS * words];
    long[] correction = new long[words];
    for (int tree = 0; tree < SeedTrees.TREES; tree++) {
      int from = tree * SeedTrees.LEAVES * words;
      int low = 2 * tree * words;
      for (int i = 0; i < words; i++) {
        long one = leaves[from + words + i];
        long two = leaves[from + 2 * words + i];
        long three = leaves[from + 3 * words + i];
        columns[low + i] = one ^ three;
        columns[low + words + i] = two ^ three;
        correction[i] = leaves[from + i] ^ one ^ two ^ three ^ choices[i];
      }
      Bits.store(
          message,
          ExtensionMessage.CORRECTIONS + tree * Extension.COLUMN_BYTES,
          correction,
          0,
          words);
    }
    return columns;
  }

  public ExtensionMessage message() {
    return message;
  }

  /// The pad of each row's choice, as a scalar for each of some columns.
  ///
  /// @param senderNonce what the sender has drawn for its answer
  public List<ScalarVector> pads(byte[] senderNonce, int columns) {
    RowPads hash = Extension.pads(direction, message, senderNonce);
    List<ScalarVector> pads = hash.of(rows, 0, 0, columns);
    hash.wipe();
    return pads;
  }

  @Override
  public void close() {
    Arrays.fill(rows, 0);
  }
}
