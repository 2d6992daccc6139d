package dev.countersign.mpc.ot;

import dev.countersign.mpc.group.HashToCurve;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.Transcript;

/// What the two sides of the base OTs have in common: endemic OT in a batch, after Masny and Rindal
/// (eprint 2019/706) and McQuoid, Rosulek and Roy (eprint 2021/682). Every hash has the session,
/// the direction, the index and the bit.
final class BaseOt {
  /// In one direction of a pair: the computational security parameter κ.
  static final int COUNT = 128;

  static final int PAD_BYTES = 32;

  private static final String BLIND_TAG =
      "countersign-mpc-1 base OT secp256k1_XMD:SHA-256_SSWU_RO_";

  private BaseOt() {}

  /// The hash H_bit of OT `index`, into the curve.
  static Secp256k1Point blind(PairId direction, int index, int bit, byte[] other) {
    byte[] input =
        Transcript.of("base OT blind")
            .add("pair", direction)
            .add("index", index)
            .add("bit", bit)
            .add("other", other)
            .digest();
    return HashToCurve.secp256k1(input, BLIND_TAG);
  }

  /// What both make the pads of OT `index` from: all that was sent for it.
  static Transcript padInput(PairId direction, int index, byte[] key, byte[] zero, byte[] one) {
    return Transcript.of("base OT pad")
        .add("pair", direction)
        .add("index", index)
        .add("sender", key)
        .add("zero", zero)
        .add("one", one);
  }
}
