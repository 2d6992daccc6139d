package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/// What a key signs to prove that it is there and fits its public key. A SHA-256 of a text of our
/// own: it is the Keccak-256 of no transaction, so the signature is worth nothing elsewhere.
final class KeyProof {
  private KeyProof() {}

  static Digest32 challenge(KeyLabel label) {
    try {
      byte[] text = ("Countersign key proof 1\n" + label.text()).getBytes(StandardCharsets.UTF_8);
      return Digest32.of(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
