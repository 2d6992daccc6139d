package dev.countersign.mpc.ot;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.ScalarVector;
import dev.countersign.mpc.transcript.PairId;
import java.util.Arrays;
import java.util.List;

/// The sender of 512 OTs of scalars, with both pads of each. Its maker closes it.
public final class ExtensionSender implements AutoCloseable {
  private final PairId direction;
  private final long[] rows;
  private final long[] delta;
  private final ExtensionMessage message;

  private ExtensionSender(PairId direction, long[] rows, long[] delta, ExtensionMessage message) {
    this.direction = direction;
    this.rows = rows;
    this.delta = delta;
    this.message = message;
  }

  /// @param direction from the receiver to this sender
  /// @throws ProtocolAbortException which bans the receiver where the check fails: it tells the
  /// receiver something of Δ whether it does; with REUSE when the seeds are closed
  public static ExtensionSender extend(
      PairId direction, SenderSeeds seeds, ExtensionMessage message) throws ProtocolAbortException {
    byte[] known = seeds.leaves();
    long[] delta = seeds.delta();
    int[] places = places(delta);
    long[] leaves =
        Extension.expand(Extension.expansion(direction, message.nonce()), known, places);
    Arrays.fill(known, (byte) 0);
    Arrays.fill(places, 0);
    long[] columns = columns(leaves, delta, message);
    Arrays.fill(leaves, 0);
    long[] rows = Extension.rows(columns);
    Arrays.fill(columns, 0);
    ExtensionSender sender = new ExtensionSender(direction, rows, delta, message);
    if (!sender.isConsistent()) {
      sender.close();
      throw ProtocolAbortException.banning(
          Reason.BAD_PROOF, direction.from(), "its OT extension is not consistent");
    }
    return sender;
  }

  /// Where the leaves that are known are among all leaves; it is secret.
  private static int[] places(long[] delta) {
    int[] places = new int[SeedTrees.TREES * SenderSeeds.KNOWN];
    for (int tree = 0; tree < SeedTrees.TREES; tree++) {
      int hidden = (int) hidden(delta, tree);
      for (int turn = 1; turn <= SenderSeeds.KNOWN; turn++) {
        places[tree * SenderSeeds.KNOWN + turn - 1] = tree * SeedTrees.LEAVES + (hidden ^ turn);
      }
    }
    return places;
  }

  private static long hidden(long[] delta, int tree) {
    return delta[tree >>> 5] >>> (2 * (tree & 31)) & 3;
  }

  /// Of tree g with leaves r at the places Δ ⊕ 1, 2, 3: columns 2g and 2g + 1 are r1 + r3 and
  /// r2 + r3, each plus the correction where Δ has a one.
  private static long[] columns(long[] leaves, long[] delta, ExtensionMessage message) {
    int words = Extension.COLUMN_WORDS;
    long[] columns = new long[Extension.COLUMNS * words];
    long[] corrections = new long[SeedTrees.TREES * words];
    Bits.load(corrections, 0, message.corrections(), 0, corrections.length);
    for (int tree = 0; tree < SeedTrees.TREES; tree++) {
      long hidden = hidden(delta, tree);
      int from = tree * SenderSeeds.KNOWN * words;
      long low = -(hidden & 1);
      long high = -(hidden >>> 1 & 1);
      for (int i = 0; i < words; i++) {
        long three = leaves[from + 2 * words + i];
        long correction = corrections[tree * words + i];
        columns[2 * tree * words + i] = leaves[from + i] ^ three ^ (correction & low);
        columns[(2 * tree + 1) * words + i] =
            leaves[from + words + i] ^ three ^ (correction & high);
      }
    }
    return columns;
  }

  /// `q̇ = ṫ + Δ · ẋ` in every column.
  private boolean isConsistent() {
    long[] own = Extension.combined(rows, 2, Extension.challenges(direction, message));
    long[] rowSums = message.rowSums();
    long[] choiceSum = message.choiceSum();
    long difference = 0;
    for (int i = 0; i < Extension.CHECK_ROWS; i++) {
      long mask = -(choiceSum[i >>> 6] >>> (i & 63) & 1);
      difference |= own[2 * i] ^ rowSums[2 * i] ^ (delta[0] & mask);
      difference |= own[2 * i + 1] ^ rowSums[2 * i + 1] ^ (delta[1] & mask);
    }
    Arrays.fill(own, 0);
    return difference == 0;
  }

  /// The pads of every row for the choice 0 and for the choice 1, as a scalar for each of some
  /// columns, which the caller wipes.
  public record Pads(List<ScalarVector> zero, List<ScalarVector> one) {}

  /// @param nonce 32 bytes that were never used before, which the receiver gets
  public Pads pads(byte[] nonce, int columns) {
    RowPads hash = Extension.pads(direction, message, nonce);
    Pads pads = new Pads(hash.of(rows, 0, 0, columns), hash.of(rows, delta[0], delta[1], columns));
    hash.wipe();
    return pads;
  }

  @Override
  public void close() {
    Arrays.fill(rows, 0);
    Arrays.fill(delta, 0);
  }
}
