package dev.countersign.mpc.frost;

import dev.countersign.mpc.group.Ed25519Group;
import dev.countersign.mpc.group.Ed25519Point;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;

/// FROST(Ed25519, SHA-512), RFC 9591 section 6.1. Its signatures are those of RFC 8032.
public final class FrostEd25519 implements Ciphersuite<Ed25519Point> {
  public static final FrostEd25519 INSTANCE = new FrostEd25519();
  private static final String CONTEXT = "FROST-ED25519-SHA512-v1";

  private FrostEd25519() {}

  @Override
  public Group<Ed25519Point> group() {
    return Ed25519Group.INSTANCE;
  }

  @Override
  public Scalar bindingFactor(byte[] input) {
    return ScalarField.ED25519.reduce(Hashes.sha512(Hashes.ascii(CONTEXT + "rho"), input));
  }

  /// Without a tag, as RFC 8032 has it.
  @Override
  public Scalar challenge(Ed25519Point commitment, Ed25519Point groupKey, byte[] message) {
    return ScalarField.ED25519.reduce(
        Hashes.sha512(commitment.encode(), groupKey.encode(), message));
  }

  @Override
  public Scalar nonce(byte[] input) {
    byte[] wide = Hashes.sha512(Hashes.ascii(CONTEXT + "nonce"), input);
    try {
      return ScalarField.ED25519.reduce(wide);
    } finally {
      Bytes.wipe(wide);
    }
  }

  @Override
  public byte[] messageHash(byte[] message) {
    return Hashes.sha512(Hashes.ascii(CONTEXT + "msg"), message);
  }

  @Override
  public byte[] commitmentsHash(byte[] commitments) {
    return Hashes.sha512(Hashes.ascii(CONTEXT + "com"), commitments);
  }

  @Override
  public boolean isNegated(Ed25519Point sum) {
    return false;
  }

  @Override
  public byte[] encode(Ed25519Point commitment, Scalar response) {
    return Bytes.joined(commitment.encode(), response.encode());
  }
}
