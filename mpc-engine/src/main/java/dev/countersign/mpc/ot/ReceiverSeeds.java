package dev.countersign.mpc.ot;

import java.util.Arrays;

/// What the receiver of an OT extension keeps of the base OTs: all four leaves of each of 64 trees.
/// As secret as a key share. Whoever holds it closes it.
public final class ReceiverSeeds implements AutoCloseable {
  public static final int BYTES = SeedTrees.TREES * SeedTrees.LEAVES * SeedTrees.SEED_BYTES;

  private final byte[] leaves;

  /// @param leaves those of tree 0, then those of tree 1 and so on; from now on this object's own
  ReceiverSeeds(byte[] leaves) {
    this.leaves = leaves;
  }

  /// Reads what [#bytes] gives.
  public static ReceiverSeeds ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "expected %d bytes of seeds, got %d".formatted(BYTES, bytes.length));
    }
    return new ReceiverSeeds(bytes.clone());
  }

  byte[] leaves() {
    return leaves;
  }

  /// A copy, to be kept where key shares are, which the caller wipes.
  public byte[] bytes() {
    return leaves.clone();
  }

  @Override
  public void close() {
    Arrays.fill(leaves, (byte) 0);
  }
}
