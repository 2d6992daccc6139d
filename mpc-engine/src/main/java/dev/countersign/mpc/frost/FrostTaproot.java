package dev.countersign.mpc.frost;

import dev.countersign.mpc.group.ExpandedMessage;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import java.util.Arrays;

/// FROST on secp256k1 whose signatures are those of BIP-340, as taproot spends take them: points
/// are told by x alone and have an even y, and the challenge is the tagged hash of BIP-340. The
/// hashes within the protocol are those of RFC 9591 section 6.5 under a name of their own.
public final class FrostTaproot implements Ciphersuite<Secp256k1Point> {
  public static final FrostTaproot INSTANCE = new FrostTaproot();
  private static final String CONTEXT = "FROST-secp256k1-SHA256-TR-v1";
  private static final byte[] CHALLENGE_TAG = Hashes.sha256(Hashes.ascii("BIP0340/challenge"));
  private static final byte ODD = 3;

  private FrostTaproot() {}

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
    return wide(Hashes.sha256(CHALLENGE_TAG, CHALLENGE_TAG, x(commitment), x(groupKey), message));
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
    return sum.encode()[0] == ODD;
  }

  @Override
  public byte[] encode(Secp256k1Point commitment, Scalar response) {
    return Bytes.joined(x(commitment), response.encode());
  }

  private static byte[] x(Secp256k1Point point) {
    byte[] encoded = point.encode();
    return Arrays.copyOfRange(encoded, 1, encoded.length);
  }

  /// A hash of 256 bits modulo the order, which it is above once in 2^128.
  private static Scalar wide(byte[] hash) {
    byte[] wide = new byte[2 * ScalarField.BYTES];
    System.arraycopy(hash, 0, wide, ScalarField.BYTES, ScalarField.BYTES);
    return ScalarField.SECP256K1.reduce(wide);
  }
}
