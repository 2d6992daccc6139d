package dev.countersign.mpc.vole;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.ScalarVector;
import dev.countersign.mpc.ot.ExtensionMessage;
import dev.countersign.mpc.ot.ExtensionSender;
import dev.countersign.mpc.ot.SenderSeeds;
import dev.countersign.mpc.transcript.PairId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// The side with the two inputs, that ends with shares c of their products: Alice in the paper.
public final class VoleSender {
  private VoleSender() {}

  /// @param shares c, one for each input, which the caller wipes
  /// @param message for the other side
  public record Answered(List<Scalar> shares, VoleAnswer message) {}

  /// @param direction from the other side to this one
  /// @param inputs two
  /// @throws ProtocolAbortException which bans the other side where its request is not consistent
  public static Answered answer(
      PairId direction,
      SenderSeeds seeds,
      ExtensionMessage request,
      List<Scalar> inputs,
      SecureRandom random)
      throws ProtocolAbortException {
    if (inputs.size() != Vole.INPUTS) {
      throw new IllegalArgumentException(
          "expected %d inputs, got %d".formatted(Vole.INPUTS, inputs.size()));
    }
    byte[] nonce = new byte[VoleAnswer.NONCE_BYTES];
    random.nextBytes(nonce);
    Scalar check = ScalarField.SECP256K1.random(random);
    ExtensionSender.Pads pads;
    try (ExtensionSender extension = ExtensionSender.extend(direction, seeds, request)) {
      pads = extension.pads(nonce, Vole.COLUMNS);
    }
    List<Scalar> shares = new ArrayList<>();
    byte[] corrections = new byte[Vole.COLUMNS * VoleAnswer.COLUMN_BYTES];
    for (int column = 0; column < Vole.COLUMNS; column++) {
      Scalar input = column < Vole.INPUTS ? inputs.get(column) : check;
      ScalarVector correction = pads.one().get(column);
      correction.setDifferencesPlus(pads.zero().get(column), correction, input);
      correction.write(corrections, column * VoleAnswer.COLUMN_BYTES);
      if (column < Vole.INPUTS) {
        Scalar sum = pads.zero().get(column).dot(Vole.GADGET);
        shares.add(sum.negated());
        sum.wipe();
      }
    }
    List<Scalar> challenges = Vole.challenges(direction, request, nonce, corrections);
    ScalarVector combined = pads.zero().get(Vole.CHECK);
    combined.addProducts(pads.zero().subList(0, Vole.INPUTS), challenges);
    Scalar eta = check;
    for (int input = 0; input < Vole.INPUTS; input++) {
      eta = eta.plus(challenges.get(input).times(inputs.get(input)));
    }
    byte[] mu = Vole.check(direction, combined);
    check.wipe();
    pads.zero().forEach(ScalarVector::wipe);
    pads.one().forEach(ScalarVector::wipe);
    return new Answered(shares, message(nonce, corrections, eta, mu));
  }

  private static VoleAnswer message(byte[] nonce, byte[] corrections, Scalar eta, byte[] mu) {
    byte[] bytes = new byte[VoleAnswer.BYTES];
    System.arraycopy(nonce, 0, bytes, 0, nonce.length);
    System.arraycopy(corrections, 0, bytes, VoleAnswer.CORRECTIONS, corrections.length);
    System.arraycopy(eta.encode(), 0, bytes, VoleAnswer.ETA, ScalarField.BYTES);
    System.arraycopy(mu, 0, bytes, VoleAnswer.MU, mu.length);
    try {
      return new VoleAnswer(bytes);
    } catch (MalformedElementException e) {
      throw new IllegalStateException("an answer of our own that cannot be read", e);
    }
  }
}
