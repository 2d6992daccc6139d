package dev.countersign.core.evm;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.math.BigInteger;
import java.util.Arrays;

/// An ECDSA signature over secp256k1 that gives its public key back (SEC 1, section 4.1.6), with
/// the low s that EIP-2 asks for.
///
/// @param yParity 0 or 1: whether the y of the nonce point is odd
public record RecoverableSignature(BigInteger r, BigInteger s, int yParity) {
  /// Bytes of [#ethereum].
  public static final int SIZE = 65;

  private static final int WORD = 32;
  private static final int FIRST_V = 27;

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

  /// `r ‖ s ‖ v` with v 27 or 28, as `personal_sign` and `eth_signTypedData_v4` answer it.
  public Bytes ethereum() {
    byte[] bytes = new byte[SIZE];
    put(r, bytes, 0);
    put(s, bytes, WORD);
    bytes[SIZE - 1] = (byte) (FIRST_V + yParity);
    return Bytes.of(bytes);
  }

  /// The other way.
  ///
  /// @throws InvalidValueException when it is no such signature
  public static RecoverableSignature ofEthereum(Bytes bytes) {
    if (bytes.size() != SIZE) {
      throw InvalidValueException.of("signature", bytes.size() + " bytes", SIZE + " bytes");
    }
    byte[] all = bytes.toArray();
    return new RecoverableSignature(
        new BigInteger(1, Arrays.copyOfRange(all, 0, WORD)),
        new BigInteger(1, Arrays.copyOfRange(all, WORD, 2 * WORD)),
        all[SIZE - 1] - FIRST_V);
  }

  private static void put(BigInteger number, byte[] bytes, int at) {
    byte[] magnitude = number.toByteArray();
    int size = Math.min(magnitude.length, WORD);
    System.arraycopy(magnitude, magnitude.length - size, bytes, at + WORD - size, size);
  }
}
