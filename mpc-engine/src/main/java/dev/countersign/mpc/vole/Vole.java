package dev.countersign.mpc.vole;

import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.ScalarVector;
import dev.countersign.mpc.group.ScalarWeights;
import dev.countersign.mpc.ot.ExtensionMessage;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.Transcript;
import java.util.ArrayList;
import java.util.List;

/// What both sides of the multiplication have in common: functionality 3.5 and protocol 5.2 of
/// DKLs23 (eprint 2023/765) with ξ = |q| + 2·λ = 512, ℓ = 2 and ρ = 1.
final class Vole {
  /// ξ.
  static final int ROWS = 512;

  /// ℓ: how many scalars are multiplied.
  static final int INPUTS = 2;

  /// ρ columns for the check come after those of the inputs.
  static final int COLUMNS = INPUTS + 1;

  static final int CHECK = INPUTS;
  static final int CHECK_BYTES = 32;

  /// g: public and uniform, the same for all.
  static final ScalarWeights GADGET = gadget();

  private Vole() {}

  private static ScalarWeights gadget() {
    List<Scalar> weights = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      weights.add(Transcript.of("VOLE gadget").add("row", i).secp256k1Scalar());
    }
    return ScalarWeights.of(weights);
  }

  /// θ, one for each input, from all that was sent so far.
  static List<Scalar> challenges(
      PairId direction, ExtensionMessage request, byte[] nonce, byte[] corrections) {
    Transcript transcript =
        Transcript.of("VOLE challenge")
            .add("pair", direction)
            .add("request", request.digest())
            .add("nonce", nonce)
            .add("corrections", corrections);
    List<Scalar> challenges = new ArrayList<>();
    byte[] seed = transcript.digest();
    for (int i = 0; i < INPUTS; i++) {
      challenges.add(
          Transcript.of("VOLE challenge of").add("seed", seed).add("input", i).secp256k1Scalar());
    }
    return challenges;
  }

  /// μ: of the check column plus each input's column times its challenge.
  static byte[] check(PairId direction, ScalarVector combined) {
    byte[] bytes = new byte[ROWS * ScalarField.BYTES];
    combined.write(bytes, 0);
    byte[] digest = Transcript.of("VOLE check").add("pair", direction).add("rows", bytes).digest();
    java.util.Arrays.fill(bytes, (byte) 0);
    return digest;
  }
}
