package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.PublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// The certificate (RFC 5280) beside each key: SunPKCS11 shows a private key only when there is one
/// of the same `CKA_ID`, and ours keeps the public key. Nobody trusts it: each key is proven by a
/// signature.
///
/// @param name the subject and issuer, DER
/// @param serial the serial number, a DER INTEGER
/// @param encoded the certificate, DER
record SelfSignedCertificate(Bytes name, Bytes serial, Bytes encoded) {
  private static final int SERIAL_SIZE = 16;
  private static final int SCALAR = 32;

  /// "No well-defined expiration" (RFC 5280, section 4.1.2.5): a key does not end with a date.
  private static final Time FOREVER = new Time(new ASN1GeneralizedTime("99991231235959Z"));

  private static final Time BEGINNING = new Time(new ASN1GeneralizedTime("20000101000000Z"));

  /// @param sign gives r and s, 32 bytes each, of a SHA-256 digest
  static SelfSignedCertificate make(
      KeyLabel label, PublicKey publicKey, Function<Digest32, byte[]> sign) {
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, label.text()).build();
    byte[] point = publicKey.uncompressed().toArray();
    ASN1Integer serial =
        new ASN1Integer(
            new BigInteger(1, Arrays.copyOf(sha256(point).bytes().toArray(), SERIAL_SIZE)));
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(serial);
    generator.setSignature(algorithm);
    generator.setIssuer(name);
    generator.setSubject(name);
    generator.setStartDate(BEGINNING);
    generator.setEndDate(FOREVER);
    // The curve by its name: one certificate with explicit parameters, and SunPKCS11 loads no key.
    generator.setSubjectPublicKeyInfo(
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(
                X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256k1),
            point));
    TBSCertificate toBeSigned = generator.generateTBSCertificate();
    try {
      byte[] signature = sign.apply(sha256(toBeSigned.getEncoded()));
      DERSequence certificate =
          new DERSequence(
              vector(toBeSigned, algorithm, new DERBitString(ecdsaSignature(signature))));
      return new SelfSignedCertificate(
          Bytes.of(name.getEncoded()),
          Bytes.of(serial.getEncoded()),
          Bytes.of(certificate.getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException("encoding a certificate in memory", e);
    }
  }

  /// The key of a certificate.
  ///
  /// @throws InvalidValueException when it is not a certificate of an uncompressed secp256k1 key
  static PublicKey publicKey(byte[] encoded) {
    SubjectPublicKeyInfo info;
    try {
      info = Certificate.getInstance(encoded).getSubjectPublicKeyInfo();
    } catch (IllegalArgumentException e) {
      throw InvalidValueException.of(
          "certificate", Bytes.of(encoded).hex(), "a DER certificate (RFC 5280)");
    }
    if (!SECObjectIdentifiers.secp256k1.equals(info.getAlgorithm().getParameters())) {
      throw InvalidValueException.of(
          "certificate", info.getAlgorithm().getAlgorithm().getId(), "a key of secp256k1");
    }
    return new PublicKey(Bytes.of(info.getPublicKeyData().getOctets()));
  }

  private static byte[] ecdsaSignature(byte[] plain) throws IOException {
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(plain, 0, SCALAR));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(plain, SCALAR, 2 * SCALAR));
    return new DERSequence(vector(new ASN1Integer(r), new ASN1Integer(s))).getEncoded();
  }

  private static ASN1EncodableVector vector(org.bouncycastle.asn1.ASN1Encodable... elements) {
    ASN1EncodableVector vector = new ASN1EncodableVector();
    vector.addAll(elements);
    return vector;
  }

  private static Digest32 sha256(byte[] input) {
    try {
      return Digest32.of(MessageDigest.getInstance("SHA-256").digest(input));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
