package dev.countersign.mpc.frost;

import dev.countersign.mpc.group.ExpandedMessage;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;

/// FROST(secp256k1, SHA-256), RFC 9591 section 6.5.
public final class FrostSecp256k1 implements Ciphersuite<Secp256k1Point> {
  public static final FrostSecp256k1 INSTANCE = new FrostSecp256k1();
  private static final String CONTEXT = "FROST-secp256k1-SHA256-v1";

  private FrostSecp256k1() {}

  @Override
  public Group<Secp256k1Point> group() {
    return Secp256k1Group.INSTANCE;
  }

  @Override
  public Scalar bindingFactor(byte[] input) {
    return ExpandedMessage.secp256k1Scalar(input, CONTEXT + "rho");
  }

  @Override
  public Scalar challenge(Secp256k1Point commitment, Secp256k1Point groupKey, byte[] message) {
    return ExpandedMessage.secp256k1Scalar(
        Bytes.joined(commitment.encode(), groupKey.encode(), message), CONTEXT + "chal");
  }

  @Override
  public Scalar nonce(byte[] input) {
    return ExpandedMessage.secp256k1Scalar(input, CONTEXT + "nonce");
  }

  @Override
  public byte[] messageHash(byte[] message) {
    return Hashes.sha256(Hashes.ascii(CONTEXT + "msg"), message);
  }

  @Override
  public byte[] commitmentsHash(byte[] commitments) {
    return Hashes.sha256(Hashes.ascii(CONTEXT + "com"), commitments);
  }

  @Override
  public boolean isNegated(Secp256k1Point sum) {
    return false;
  }

  @Override
  public byte[] encode(Secp256k1Point commitment, Scalar response) {
    return Bytes.joined(commitment.encode(), response.encode());
  }
}
