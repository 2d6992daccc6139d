package dev.countersign.mpc.vole;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarVector;
import dev.countersign.mpc.ot.ExtensionMessage;
import dev.countersign.mpc.ot.ExtensionReceiver;
import dev.countersign.mpc.ot.ReceiverSeeds;
import dev.countersign.mpc.transcript.PairId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The side that ends with a random scalar b and shares d of its products: Bob in the paper. Its
/// maker closes it.
public final class VoleReceiver implements AutoCloseable {
  private final PairId direction;
  private final long[] choices;
  private final Scalar factor;
  private final ExtensionReceiver extension;

  private VoleReceiver(
      PairId direction, long[] choices, Scalar factor, ExtensionReceiver extension) {
    this.direction = direction;
    this.choices = choices;
    this.factor = factor;
    this.extension = extension;
  }

  /// @param direction from this side to the one with the inputs
  /// @throws ProtocolAbortException with REUSE when the seeds are closed
  public static VoleReceiver begin(PairId direction, ReceiverSeeds seeds, SecureRandom random)
      throws ProtocolAbortException {
    byte[] bytes = new byte[Vole.ROWS / Byte.SIZE];
    random.nextBytes(bytes);
    long[] choices = new long[Vole.ROWS / Long.SIZE];
    ByteBuffer.wrap(bytes).asLongBuffer().get(choices);
    Arrays.fill(bytes, (byte) 0);
    return new VoleReceiver(
        direction,
        choices,
        Vole.GADGET.sumWhere(choices),
        ExtensionReceiver.extend(direction, seeds, choices, random));
  }

  /// What the other side gets first.
  public ExtensionMessage message() {
    return extension.message();
  }

  /// b: this object's own, wiped with it.
  public Scalar factor() {
    return factor;
  }

  /// The shares d of the two products, which the caller wipes.
  ///
  /// @throws ProtocolAbortException which bans the other side where its answer is not consistent:
  /// it tells it something of the choices whether it is
  public List<Scalar> finish(VoleAnswer answer) throws ProtocolAbortException {
    List<ScalarVector> rows = extension.pads(answer.nonce(), Vole.COLUMNS);
    try {
      for (int column = 0; column < Vole.COLUMNS; column++) {
        rows.get(column).addWhere(choices, answer.corrections(column));
      }
      List<Scalar> shares = new ArrayList<>();
      List<Scalar> challenges =
          Vole.challenges(direction, message(), answer.nonce(), answer.correctionBytes());
      for (int input = 0; input < Vole.INPUTS; input++) {
        shares.add(rows.get(input).dot(Vole.GADGET));
      }
      rows.get(Vole.CHECK).addProducts(rows.subList(0, Vole.INPUTS), challenges);
      rows.get(Vole.CHECK).subtractWhere(choices, answer.eta());
      if (!MessageDigest.isEqual(Vole.check(direction, rows.get(Vole.CHECK)), answer.mu())) {
        shares.forEach(Scalar::wipe);
        throw ProtocolAbortException.banning(
            Reason.BAD_PROOF, direction.to(), "its multiplication is not consistent");
      }
      return shares;
    } finally {
      rows.forEach(ScalarVector::wipe);
    }
  }

  @Override
  public void close() {
    Arrays.fill(choices, 0);
    factor.wipe();
    extension.close();
  }
}
