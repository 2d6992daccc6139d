package dev.countersign.mpc.dkls;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.vole.VoleAnswer;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;

/// What one signer sends to another in the second round.
final class SigningSecondMessage {
  private final Secp256k1Point nonce;
  private final byte[] salt;
  private final Secp256k1Point key;
  private final Secp256k1Point nonceShare;
  private final Secp256k1Point keyShare;
  private final Scalar mask;
  private final VoleAnswer answer;

  /// @param nonce R of the sender's, and `salt` which opens its commitment
  /// @param key pk: the sender's additive share of the key times the generator
  /// @param nonceShare Γ^u: its share of the product with its nonce, times the generator
  /// @param keyShare Γ^v: the same with its key
  /// @param mask ψ: its mask less the factor of the multiplication where the receiver has the
  /// inputs
  /// @param answer to the multiplication where the sender has them
  SigningSecondMessage(
      Secp256k1Point nonce,
      byte[] salt,
      Secp256k1Point key,
      Secp256k1Point nonceShare,
      Secp256k1Point keyShare,
      Scalar mask,
      VoleAnswer answer) {
    this.nonce = nonce;
    this.salt = salt;
    this.key = key;
    this.nonceShare = nonceShare;
    this.keyShare = keyShare;
    this.mask = mask;
    this.answer = answer;
  }

  Secp256k1Point nonce() {
    return nonce;
  }

  byte[] salt() {
    return salt;
  }

  Secp256k1Point key() {
    return key;
  }

  Secp256k1Point nonceShare() {
    return nonceShare;
  }

  Secp256k1Point keyShare() {
    return keyShare;
  }

  Scalar mask() {
    return mask;
  }

  VoleAnswer answer() {
    return answer;
  }

  byte[] encode(PairId direction) {
    return Addressed.writer(WireForm.SIGNING_SECOND, direction)
        .point(nonce)
        .fixed(salt)
        .point(key)
        .point(nonceShare)
        .point(keyShare)
        .scalar(mask)
        .fixed(answer.bytes())
        .finish();
  }

  static SigningSecondMessage decode(PairId direction, byte[] message)
      throws ProtocolAbortException {
    WireReader in = Addressed.reader(WireForm.SIGNING_SECOND, direction, message);
    Secp256k1Point nonce = in.point(Secp256k1Group.INSTANCE);
    byte[] salt = in.fixed(NonceShare.SALT_BYTES);
    Secp256k1Point key = in.point(Secp256k1Group.INSTANCE);
    Secp256k1Point nonceShare = in.point(Secp256k1Group.INSTANCE);
    Secp256k1Point keyShare = in.point(Secp256k1Group.INSTANCE);
    Scalar mask = in.scalar(ScalarField.SECP256K1);
    byte[] answer = in.fixed(VoleAnswer.BYTES);
    in.end();
    try {
      return new SigningSecondMessage(
          nonce, salt, key, nonceShare, keyShare, mask, new VoleAnswer(answer));
    } catch (MalformedElementException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }
}
