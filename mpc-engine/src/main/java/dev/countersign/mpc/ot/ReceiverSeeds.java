package dev.countersign.mpc.ot;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import java.util.Arrays;
import java.util.Optional;

/// What the receiver of an OT extension keeps of the base OTs: all four leaves of each of 64 trees.
/// As secret as a key share. Whoever holds it closes it.
public final class ReceiverSeeds implements AutoCloseable {
  public static final int BYTES = SeedTrees.TREES * SeedTrees.LEAVES * SeedTrees.SEED_BYTES;

  private final byte[] leaves;
  private boolean closed;

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

  /// A copy, to be kept where key shares are, which the caller wipes.
  ///
  /// @throws ProtocolAbortException with REUSE once this is closed
  public synchronized byte[] bytes() throws ProtocolAbortException {
    requireOpen();
    return leaves.clone();
  }

  private void requireOpen() throws ProtocolAbortException {
    if (closed) {
      throw new ProtocolAbortException(
          Reason.REUSE, Optional.empty(), "the seeds of these base OTs are closed");
    }
  }

  /// From now on nothing is to be had of it: seeds of zeros are what everybody knows.
  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(leaves, (byte) 0);
  }
}
