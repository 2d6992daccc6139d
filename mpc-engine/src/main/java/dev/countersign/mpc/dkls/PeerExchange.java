package dev.countersign.mpc.dkls;

import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.vole.VoleAnswer;
import dev.countersign.mpc.vole.VoleReceiver;
import dev.countersign.mpc.vole.VoleSender;

/// What one signature has with one peer between the first and the second round: both
/// multiplications and the peer's commitment to its part of the nonce. Its maker closes it.
final class PeerExchange implements AutoCloseable {
  private final VoleReceiver receiver;
  private final VoleSender.Answered answered;
  private final byte[] commitment;

  PeerExchange(VoleReceiver receiver, VoleSender.Answered answered, byte[] commitment) {
    this.receiver = receiver;
    this.answered = answered;
    this.commitment = commitment;
  }

  VoleReceiver receiver() {
    return receiver;
  }

  VoleAnswer answer() {
    return answered.message();
  }

  /// c of the product with the nonce: `c^u`.
  Scalar nonceShare() {
    return answered.shares().getFirst();
  }

  /// c of the product with the key: `c^v`.
  Scalar keyShare() {
    return answered.shares().getLast();
  }

  byte[] commitment() {
    return commitment;
  }

  @Override
  public void close() {
    receiver.close();
    answered.shares().forEach(Scalar::wipe);
  }
}
