package dev.countersign.mpc.dkls;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Point;
import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/// An ECDSA signature over secp256k1 with s in the lower half, as BIP-62 and EIP-2 want it.
///
/// @param r the nonce's x modulo the order, not zero
/// @param s from 1 to half of the order
/// @param recoveryId from 0 to 3: whether the nonce's y is odd, plus 2 where its x is not below the
/// order
public record EcdsaSignature(Scalar r, Scalar s, int recoveryId) {
  private static final BigInteger ORDER = ScalarField.SECP256K1.order();
  private static final BigInteger HALF = ORDER.shiftRight(1);
  private static final int ODD = 3;

  /// r and s, 32 bytes each.
  public byte[] compact() {
    byte[] compact = Arrays.copyOf(r.encode(), 2 * ScalarField.BYTES);
    System.arraycopy(s.encode(), 0, compact, ScalarField.BYTES, ScalarField.BYTES);
    return compact;
  }

  /// Brings s to the lower half, and verifies by a library that has no part in making it.
  ///
  /// @throws ProtocolAbortException with BAD_RESULT when it is not valid
  static EcdsaSignature verified(
      Secp256k1Point key, byte[] digest, Secp256k1Point nonce, Scalar r, Scalar s)
      throws ProtocolAbortException {
    byte[] encoded = nonce.encode();
    int odd = encoded[0] == ODD ? 1 : 0;
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(encoded, 1, encoded.length));
    int over = x.compareTo(ORDER) >= 0 ? 2 : 0;
    boolean high = new BigInteger(1, s.encode()).compareTo(HALF) > 0;
    EcdsaSignature signature =
        new EcdsaSignature(r, high ? s.negated() : s, over | (high ? odd ^ 1 : odd));
    if (!isValid(signature.compact(), digest, key.encode())) {
      throw new ProtocolAbortException(
          Reason.BAD_RESULT, Optional.empty(), "the signature is not valid");
    }
    return signature;
  }

  private static boolean isValid(byte[] compact, byte[] digest, byte[] key) {
    try {
      return Secp256k1.get().verify(compact, digest, key);
    } catch (Secp256k1Exception e) {
      return false;
    }
  }
}
