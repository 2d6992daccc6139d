package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;

/// Signs with an Ed25519 key pair of the JDK. A class and no record: the key has no text form.
public final class Ed25519CheckpointSigner implements CheckpointSigner {
  private static final byte[] PROOF =
      "countersign checkpoint key".getBytes(StandardCharsets.US_ASCII);

  private final VerifierKey verifierKey;
  private final PrivateKey privateKey;

  /// @param origin of the log
  /// @throws InvalidNoteException when the origin is not one, or the halves of the pair do not
  /// match
  public Ed25519CheckpointSigner(String origin, KeyPair keyPair) {
    byte[] x509 = keyPair.getPublic().getEncoded();
    int prefix = VerifierKey.X509_PREFIX.length;
    if (x509.length != prefix + VerifierKey.KEY_SIZE
        || !Arrays.equals(x509, 0, prefix, VerifierKey.X509_PREFIX, 0, prefix)) {
      throw InvalidNoteException.of(
          "the key of a log", "Ed25519", keyPair.getPublic().getAlgorithm());
    }
    this.verifierKey = new VerifierKey(origin, Bytes.of(x509).slice(prefix, x509.length));
    this.privateKey = keyPair.getPrivate();
    if (!verifierKey.verifies(PROOF, sign(PROOF))) {
      throw new InvalidNoteException("the private key of the log does not match its public key");
    }
  }

  @Override
  public VerifierKey verifierKey() {
    return verifierKey;
  }

  @Override
  public byte[] sign(byte[] text) {
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initSign(privateKey);
      ed25519.update(text);
      return ed25519.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the checkpoint key does not sign", e);
    }
  }
}
