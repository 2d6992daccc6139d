package dev.countersign.mpc.ot;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import java.util.Arrays;
import java.util.Optional;

/// What the sender of an OT extension keeps of the base OTs: its 128 choice bits Δ and the three
/// leaves that it knows of each of 64 trees. As secret as a key share. Whoever holds it closes it.
public final class SenderSeeds implements AutoCloseable {
  private static final int DELTA_BYTES = BaseOt.COUNT / Byte.SIZE;
  static final int KNOWN = SeedTrees.LEAVES - 1;
  public static final int BYTES = DELTA_BYTES + SeedTrees.TREES * KNOWN * SeedTrees.SEED_BYTES;

  private final long[] delta;
  private final byte[] leaves;
  private boolean closed;

  /// @param delta two bits of each tree: the place of the leaf that is not known
  /// @param leaves of each tree those at the places Δ ⊕ 1, Δ ⊕ 2, Δ ⊕ 3; this object's own, as
  /// `delta` is
  SenderSeeds(long[] delta, byte[] leaves) {
    this.delta = delta;
    this.leaves = leaves;
  }

  /// Reads what [#bytes] gives.
  public static SenderSeeds ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "expected %d bytes of seeds, got %d".formatted(BYTES, bytes.length));
    }
    long[] delta = new long[2];
    Bits.load(delta, 0, bytes, 0, delta.length);
    return new SenderSeeds(delta, Arrays.copyOfRange(bytes, DELTA_BYTES, BYTES));
  }

  /// A copy, which the caller wipes.
  ///
  /// @throws ProtocolAbortException with REUSE once this is closed
  synchronized long[] delta() throws ProtocolAbortException {
    requireOpen();
    return delta.clone();
  }

  /// A copy, which the caller wipes.
  ///
  /// @throws ProtocolAbortException with REUSE once this is closed
  synchronized byte[] leaves() throws ProtocolAbortException {
    requireOpen();
    return leaves.clone();
  }

  /// A copy, to be kept where key shares are, which the caller wipes.
  ///
  /// @throws ProtocolAbortException with REUSE once this is closed
  public synchronized byte[] bytes() throws ProtocolAbortException {
    requireOpen();
    byte[] bytes = new byte[BYTES];
    Bits.store(bytes, 0, delta, 0, delta.length);
    System.arraycopy(leaves, 0, bytes, DELTA_BYTES, leaves.length);
    return bytes;
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
    Arrays.fill(delta, 0);
    Arrays.fill(leaves, (byte) 0);
  }
}
