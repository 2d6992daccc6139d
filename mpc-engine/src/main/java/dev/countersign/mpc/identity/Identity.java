package dev.countersign.mpc.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;

/// The Ed25519 key by which the others know this party. Where it is kept is the host's affair: any
/// key that the JDK can sign with will do, one in a hardware module too.
public final class Identity {
  private static final String ALGORITHM = "Ed25519";

  private final PrivateKey key;
  private final PeerIdentity known;

  private Identity(PrivateKey key, PeerIdentity known) {
    this.key = key;
    this.known = known;
  }

  /// @throws IllegalArgumentException when its public key is not one of Ed25519
  public static Identity of(KeyPair pair) {
    if (pair.getPublic() instanceof EdECPublicKey point) {
      return new Identity(pair.getPrivate(), PeerIdentity.of(point));
    }
    throw new IllegalArgumentException(
        "expected a key of Ed25519, got one of " + pair.getPublic().getAlgorithm());
  }

  public static Identity generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.ED25519, random);
      return of(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What the others know of it.
  public PeerIdentity known() {
    return known;
  }

  /// By RFC 8032, 64 bytes. What is signed begins with what it is for.
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the identity key does not sign", e);
    }
  }
}
