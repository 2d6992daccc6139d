package dev.countersign.mpc.ot;

import java.util.Arrays;

/// What the sender of the base OTs sends when the trees are grown.
public final class SeedTreeMessage {
  private static final int NODE_BYTES = 32;

  /// Of each tree: the sums of its lower nodes for either turn, each under its base OT's pad, and
  /// the sum of the checks of its leaves.
  static final int TREE_BYTES = 3 * NODE_BYTES;

  public static final int CORRECTION_BYTES = SeedTrees.TREES * TREE_BYTES;
  public static final int CHECK_BYTES = 32;

  private final byte[] corrections;
  private final byte[] check;

  /// @param corrections of all trees, in their order
  /// @param check a hash over the checks of all leaves
  public SeedTreeMessage(byte[] corrections, byte[] check) {
    if (corrections.length != CORRECTION_BYTES || check.length != CHECK_BYTES) {
      throw new IllegalArgumentException(
          "expected %d and %d bytes, got %d and %d"
              .formatted(CORRECTION_BYTES, CHECK_BYTES, corrections.length, check.length));
    }
    this.corrections = corrections.clone();
    this.check = check.clone();
  }

  public byte[] corrections() {
    return corrections.clone();
  }

  public byte[] check() {
    return check.clone();
  }

  byte[] correction(int tree, int turn) {
    return part(tree, turn);
  }

  byte[] leafSum(int tree) {
    return part(tree, 2);
  }

  private byte[] part(int tree, int index) {
    int at = tree * TREE_BYTES + index * NODE_BYTES;
    return Arrays.copyOfRange(corrections, at, at + NODE_BYTES);
  }
}
