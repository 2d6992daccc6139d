package dev.countersign.hsm.pkcs11;

import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.evm.Secp256k1Curve;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.port.KeyBackend.BackendKey;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.util.Arrays;

/// A key with the handle to sign with it; good for as long as the login it was found in. The handle
/// costs the token some milliseconds to find, so it is kept. Safe for concurrent use.
final class HeldKey {
  /// r and s as plain 32-byte numbers (IEEE P1363), of a digest that is already made (`CKM_ECDSA`).
  private static final String ALGORITHM = "NONEwithECDSAinP1363Format";

  private static final int SCALAR = 32;

  private final KeyLabel label;
  private final PublicKey publicKey;
  private final PrivateKey handle;
  private final Provider provider;

  private HeldKey(KeyLabel label, PublicKey publicKey, PrivateKey handle, Provider provider) {
    this.label = label;
    this.publicKey = publicKey;
    this.handle = handle;
    this.provider = provider;
  }

  /// Proves the key by a signature. SunPKCS11 would take a certificate of any other key.
  ///
  /// @throws KeyBackendException of kind BROKEN when the handle does not sign for `publicKey`
  static HeldKey proven(KeyLabel label, PublicKey publicKey, PrivateKey handle, Provider provider)
      throws GeneralSecurityException {
    HeldKey key = new HeldKey(label, publicKey, handle, provider);
    key.sign(KeyProof.challenge(label));
    return key;
  }

  BackendKey description() {
    return new BackendKey(label.key(), publicKey);
  }

  /// Low-s, and proven against the public key.
  ///
  /// @throws KeyBackendException of kind BROKEN when the token gave a signature of something else
  RecoverableSignature sign(Digest32 digest) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(ALGORITHM, provider);
    signature.initSign(handle);
    signature.update(digest.bytes().toArray());
    byte[] plain = signature.sign();
    if (plain.length != 2 * SCALAR) {
      throw mismatch("%d bytes instead of %d".formatted(plain.length, 2 * SCALAR));
    }
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(plain, 0, SCALAR));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(plain, SCALAR, 2 * SCALAR));
    return Secp256k1Curve.recoverable(digest, r, s, publicKey)
        .orElseThrow(() -> mismatch("one that its public key does not verify"));
  }

  private KeyBackendException mismatch(String got) {
    return new KeyBackendException(
        Kind.BROKEN,
        "key %s: the token should give a signature by %s, and gave %s"
            .formatted(label.key(), publicKey.address(), got));
  }
}
