package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.security.SecureRandom;

/// One party's part of the nonce of one signature: r and R = r·G, with the mask φ by which the
/// inverse is blinded. Its maker closes it.
final class NonceShare implements AutoCloseable {
  static final int COMMITMENT_BYTES = 32;
  static final int SALT_BYTES = 32;

  private final Scalar secret;
  private final Scalar mask;
  private final Secp256k1Point point;
  private final byte[] salt;

  private NonceShare(Scalar secret, Scalar mask, byte[] salt) {
    this.secret = secret;
    this.mask = mask;
    this.point = Secp256k1Group.INSTANCE.generate(secret);
    this.salt = salt;
  }

  static NonceShare draw(SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new NonceShare(
        ScalarField.SECP256K1.random(random), ScalarField.SECP256K1.random(random), salt);
  }

  /// Bound to the session and to whose it is, so that nobody can take it for his own.
  static byte[] commitment(SessionId session, Party party, Secp256k1Point point, byte[] salt) {
    return Transcript.of("nonce commitment")
        .add("session", session)
        .add("party", party)
        .add("point", point)
        .add("salt", salt)
        .digest();
  }

  Scalar secret() {
    return secret;
  }

  Scalar mask() {
    return mask;
  }

  Secp256k1Point point() {
    return point;
  }

  byte[] salt() {
    return salt;
  }

  @Override
  public void close() {
    secret.wipe();
    mask.wipe();
  }
}
