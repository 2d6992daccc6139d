package dev.countersign.mpc.channel;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;

/// X25519 public keys as RFC 7748 section 5 writes them: 32 bytes, the lowest first.
final class X25519Keys {
  private X25519Keys() {}

  static byte[] encode(PublicKey key) {
    if (!(key instanceof XECPublicKey point)) {
      throw new IllegalArgumentException(
          "expected a key of X25519, got one of " + key.getAlgorithm());
    }
    byte[] number = point.getU().toByteArray();
    byte[] encoded = new byte[ChannelOffer.KEY_BYTES];
    for (int i = 0; i < Math.min(number.length, encoded.length); i++) {
      encoded[i] = number[number.length - 1 - i];
    }
    return encoded;
  }

  /// Any 32 bytes are a key; the highest bit does not count.
  static PublicKey decode(byte[] encoded) throws GeneralSecurityException {
    byte[] number = new byte[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      number[i] = encoded[encoded.length - 1 - i];
    }
    number[0] &= 0x7f;
    return KeyFactory.getInstance("X25519")
        .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, number)));
  }
}
