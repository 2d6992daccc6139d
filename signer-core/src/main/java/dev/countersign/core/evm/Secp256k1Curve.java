package dev.countersign.core.evm;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.PublicKey;
import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.math.BigInteger;
import java.util.Optional;

/// Public operations on secp256k1 signatures, by libsecp256k1.
public final class Secp256k1Curve {
  /// The order n of the group (SEC 2, section 2.4.1).
  public static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  static final BigInteger HALF_ORDER = ORDER.shiftRight(1);
  private static final int SCALAR = 32;

  private Secp256k1Curve() {}

  /// Makes a signature of `digest` by `publicKey` low-s and finds its y parity, which proves it.
  ///
  /// @return nothing when r and s are not a signature of `digest` by `publicKey`
  public static Optional<RecoverableSignature> recoverable(
      Digest32 digest, BigInteger r, BigInteger s, PublicKey publicKey) {
    if (!isScalar(r) || !isScalar(s)) {
      return Optional.empty();
    }
    BigInteger low = s.compareTo(HALF_ORDER) > 0 ? ORDER.subtract(s) : s;
    byte[] compact = compact(r, low);
    for (int parity = 0; parity <= 1; parity++) {
      if (recover(compact, digest, parity).filter(publicKey::equals).isPresent()) {
        return Optional.of(new RecoverableSignature(r, low, parity));
      }
    }
    return Optional.empty();
  }

  /// Whether it is a signature of `digest` by `publicKey`, its y parity included.
  public static boolean verifies(
      Digest32 digest, RecoverableSignature signature, PublicKey publicKey) {
    return recover(compact(signature.r(), signature.s()), digest, signature.yParity())
        .filter(publicKey::equals)
        .isPresent();
  }

  /// Whose signature of `digest` it is; nothing when there is no such key.
  public static Optional<Address> signer(Digest32 digest, RecoverableSignature signature) {
    return recover(compact(signature.r(), signature.s()), digest, signature.yParity())
        .map(PublicKey::address);
  }

  private static Optional<PublicKey> recover(byte[] compact, Digest32 digest, int parity) {
    try {
      return Optional.of(
          new PublicKey(
              Bytes.of(
                  Secp256k1.Companion.get()
                      .ecdsaRecover(compact, digest.bytes().toArray(), parity))));
    } catch (Secp256k1Exception e) {
      return Optional.empty();
    }
  }

  private static boolean isScalar(BigInteger value) {
    return value.signum() > 0 && value.compareTo(ORDER) < 0;
  }

  private static byte[] compact(BigInteger r, BigInteger s) {
    byte[] compact = new byte[2 * SCALAR];
    put(r, compact, SCALAR);
    put(s, compact, 2 * SCALAR);
    return compact;
  }

  private static void put(BigInteger value, byte[] target, int end) {
    byte[] bytes = value.toByteArray();
    int from = bytes.length > SCALAR ? 1 : 0;
    int size = bytes.length - from;
    System.arraycopy(bytes, from, target, end - size, size);
  }
}
