package dev.countersign.hsm.pkcs11;

import dev.countersign.core.evm.Secp256k1Curve;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.PublicKey;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes keys: first the pair, named from its first moment, then the certificate. A crash between
/// leaves a pair without a certificate, which nobody was told of and nothing shows; making the same
/// key again completes it.
final class KeyMaker {
  private static final Logger LOG = LoggerFactory.getLogger(KeyMaker.class);

  /// The object identifier 1.3.132.0.10 (SEC 2, section A.2.1) in DER.
  private static final byte[] SECP256K1 = {0x06, 0x05, 0x2b, (byte) 0x81, 0x04, 0x00, 0x0a};

  private static final int POINT_SIZE = 65;
  private static final int SCALAR = 32;

  private final TokenObjects token;

  KeyMaker(TokenObjects token) {
    this.token = token;
  }

  /// @throws KeyBackendException of kind KEY_EXISTS; of kind BROKEN when the token made a key that
  /// could leave it, which is destroyed
  void make(KeyLabel label) {
    List<Long> existing = token.privateKeys(label);
    if (existing.isEmpty()) {
      generate(label);
    } else if (!token.certificates(label).isEmpty()) {
      throw new KeyBackendException(
          Kind.KEY_EXISTS, "there is a key " + label.key() + " on this token; choose another name");
    } else {
      LOG.warn("key {} was left without a certificate; completing it", label.key());
    }
    certify(label);
  }

  private void generate(KeyLabel label) {
    Cryptoki.KeyPair pair =
        token.generateEcKeyPair(
            label.publicKeyToMake(Attribute.EC_KEY, SECP256K1),
            label.privateKeyToMake(Attribute.EC_KEY));
    try {
      token.requireUnextractable(label, pair.privateKey());
      requireAlone(label, () -> token.privateKeys(label));
    } catch (KeyBackendException e) {
      // Safe to destroy: it is new, and no address of it was ever given out.
      token.destroy(pair.privateKey());
      token.destroy(pair.publicKey());
      throw e;
    }
  }

  private void certify(KeyLabel label) {
    long privateKey = token.privateKeys(label).getFirst();
    token.requireUnextractable(label, privateKey);
    PublicKey publicKey = publicKey(label, privateKey);
    SelfSignedCertificate certificate =
        SelfSignedCertificate.make(
            label, publicKey, digest -> token.sign(privateKey, digest.bytes().toArray()));
    long made =
        token.create(
            label
                .objects(Attribute.CERTIFICATE_CLASS)
                .with(Attribute.CERTIFICATE_TYPE, Attribute.X509)
                .with(Attribute.LABEL, label.bytes())
                .with(Attribute.PRIVATE, false)
                .with(Attribute.SUBJECT, certificate.name().toArray())
                .with(Attribute.ISSUER, certificate.name().toArray())
                .with(Attribute.SERIAL_NUMBER, certificate.serial().toArray())
                .with(Attribute.VALUE, certificate.encoded().toArray()));
    try {
      requireAlone(label, () -> token.certificates(label));
    } catch (KeyBackendException e) {
      token.destroy(made);
      throw e;
    }
  }

  /// Of two processes that make the same key at once, at least one sees the other's here, and both
  /// may give up; neither leaves a second key.
  private static void requireAlone(KeyLabel label, Supplier<List<Long>> objects) {
    if (objects.get().size() != 1) {
      throw new KeyBackendException(
          Kind.UNAVAILABLE, "another process is making key " + label.key() + "; try again");
    }
  }

  /// The one public key of this name that the private key signs for.
  private PublicKey publicKey(KeyLabel label, long privateKey) {
    Digest32 digest = KeyProof.challenge(label);
    byte[] signature = token.sign(privateKey, digest.bytes().toArray());
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, SCALAR));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, SCALAR, 2 * SCALAR));
    return token.publicKeys(label).stream()
        .flatMap(object -> point(object).stream())
        .filter(candidate -> Secp256k1Curve.recoverable(digest, r, s, candidate).isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new KeyBackendException(
                    Kind.BROKEN,
                    "the private key %s on this token signs for no public key of its name"
                        .formatted(label.key())));
  }

  /// `CKA_EC_POINT` is the point in a DER OCTET STRING; some tokens leave the wrapping out.
  private Optional<PublicKey> point(long publicKey) {
    return token
        .attribute(publicKey, Attribute.EC_POINT)
        .map(
            value ->
                value.length == POINT_SIZE ? value : ASN1OctetString.getInstance(value).getOctets())
        .filter(value -> value.length == POINT_SIZE && value[0] == 4)
        .map(value -> new PublicKey(Bytes.of(value)));
  }
}
