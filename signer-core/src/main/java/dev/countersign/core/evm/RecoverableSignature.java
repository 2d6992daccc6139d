package dev.countersign.core.evm;

import dev.countersign.core.model.InvalidValueException;
import java.math.BigInteger;

/// An ECDSA signature over secp256k1 that gives its public key back (SEC 1, section 4.1.6), with
/// the low s that EIP-2 asks for.
///
/// @param yParity 0 or 1: whether the y of the nonce point is odd
public record RecoverableSignature(BigInteger r, BigInteger s, int yParity) {
  public RecoverableSignature {
    if (r.signum() <= 0 || r.compareTo(Secp256k1Curve.ORDER) >= 0) {
      throw InvalidValueException.of("signature r", r.toString(16), "1 to n-1");
    }
    if (s.signum() <= 0 || s.compareTo(Secp256k1Curve.HALF_ORDER) > 0) {
      throw InvalidValueException.of("signature s", s.toString(16), "1 to n/2 (low s, EIP-2)");
    }
    if (yParity != 0 && yParity != 1) {
      throw InvalidValueException.of("signature y parity", Integer.toString(yParity), "0 or 1");
    }
  }
}
