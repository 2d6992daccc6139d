package dev.countersign.mpc.ot;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.PairId;
import java.security.SecureRandom;
import java.util.Optional;

/// The sender of 128 base OTs with one peer, who ends with both pads of each. Its maker closes it.
public final class BaseOtSender implements AutoCloseable {
  private final PairId direction;
  private final Scalar secret;
  private final Secp256k1Point message;

  private BaseOtSender(PairId direction, Scalar secret) {
    this.direction = direction;
    this.secret = secret;
    this.message = Secp256k1Group.INSTANCE.generate(secret);
  }

  /// @param direction from this sender to its receiver
  public static BaseOtSender draw(PairId direction, SecureRandom random) {
    return new BaseOtSender(direction, ScalarField.SECP256K1.random(random));
  }

  /// What the receiver gets.
  public Secp256k1Point message() {
    return message;
  }

  /// The pads by index and bit, 32 bytes each, which the caller wipes.
  ///
  /// @throws ProtocolAbortException for points that no honest receiver sends
  byte[][][] pads(BaseOtChoices choices) throws ProtocolAbortException {
    byte[] key = message.encode();
    byte[][][] pads = new byte[BaseOt.COUNT][2][];
    for (int index = 0; index < BaseOt.COUNT; index++) {
      byte[] zero = choices.point(index, 0).encode();
      byte[] one = choices.point(index, 1).encode();
      for (int bit = 0; bit < 2; bit++) {
        Secp256k1Point opened =
            choices
                .point(index, bit)
                .plus(BaseOt.blind(direction, index, bit, bit == 0 ? one : zero));
        if (opened.isIdentity()) {
          throw new ProtocolAbortException(
              Reason.MALFORMED,
              Optional.of(direction.to()),
              "a base OT that opens to the identity");
        }
        pads[index][bit] =
            BaseOt.padInput(direction, index, key, zero, one)
                .add("bit", bit)
                .add("shared", opened.times(secret))
                .digest();
      }
    }
    return pads;
  }

  @Override
  public void close() {
    secret.wipe();
  }
}
