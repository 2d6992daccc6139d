package dev.countersign.mpc.channel;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// HKDF with SHA-256, RFC 5869, by the JDK.
final class HkdfSha256 {
  private static final String ALGORITHM = "HKDF-SHA256";
  private static final int KEY_BYTES = 32;

  private HkdfSha256() {}

  /// A key of AES-256.
  static SecretKey key(byte[] secret, byte[] salt, byte[] info) {
    try {
      return KDF.getInstance(ALGORITHM).deriveKey("AES", spec(secret, salt, info, KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @throws GeneralSecurityException for more than 8,160 bytes
  static byte[] bytes(byte[] secret, byte[] salt, byte[] info, int length)
      throws GeneralSecurityException {
    return KDF.getInstance(ALGORITHM).deriveData(spec(secret, salt, info, length));
  }

  private static HKDFParameterSpec spec(byte[] secret, byte[] salt, byte[] info, int length) {
    return HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(salt).thenExpand(info, length);
  }
}
