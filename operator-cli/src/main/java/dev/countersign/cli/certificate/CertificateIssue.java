package dev.countersign.cli.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes X.509 v3 certificates (RFC 5280) with EC P-256 keys, signed with ECDSA and SHA-256.
///
/// @param random makes keys and serial numbers
/// @param now when the certificates are made
record CertificateIssue(SecureRandom random, Instant now) {
  /// Clocks of other machines may be behind.
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final int SERIAL_BITS = 127;

  /// A certificate and the key it is about.
  record Issued(X509Certificate certificate, PrivateKey key) {}

  Issued authority(String name, Duration valid) {
    try {
      var pair = keyPair();
      return issue(subject(name), pair, subject(name), pair, Purpose.AUTHORITY, valid);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw cannot(name, e);
    }
  }

  Issued leaf(Issued authority, String name, Purpose purpose, Duration valid) {
    try {
      var issuer =
          X500Name.getInstance(authority.certificate.getSubjectX500Principal().getEncoded());
      var signer = new KeyPair(authority.certificate.getPublicKey(), authority.key);
      return issue(issuer, signer, subject(name), keyPair(), purpose, valid);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw cannot(name, e);
    }
  }

  private Issued issue(
      X500Name issuer,
      KeyPair signer,
      X500Name subject,
      KeyPair pair,
      Purpose purpose,
      Duration valid)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            // Positive, and never 0.
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(valid)),
            subject,
            pair.getPublic());
    addExtensions(builder, purpose, pair.getPublic(), signer.getPublic());
    var signature =
        new JcaContentSignerBuilder("SHA256withECDSA")
            .setSecureRandom(random)
            .build(signer.getPrivate());
    var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signature));
    return new Issued(certificate, pair.getPrivate());
  }

  private static void addExtensions(
      X509v3CertificateBuilder builder, Purpose purpose, PublicKey subject, PublicKey issuer)
      throws GeneralSecurityException, IOException {
    var identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(subject));
    builder.addExtension(
        Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuer));
    switch (purpose) {
      case AUTHORITY -> {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      }
      case SERVER -> {
        addLeaf(builder, KeyPurposeId.id_kp_serverAuth);
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName[] {
                  new GeneralName(GeneralName.dNSName, "localhost"),
                  new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                  new GeneralName(GeneralName.iPAddress, "::1")
                }));
      }
      case CLIENT -> addLeaf(builder, KeyPurposeId.id_kp_clientAuth);
    }
  }

  private static void addLeaf(X509v3CertificateBuilder builder, KeyPurposeId use)
      throws IOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(use));
  }

  private KeyPair keyPair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static X500Name subject(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  private static IllegalStateException cannot(String name, Exception cause) {
    return new IllegalStateException("cannot issue a certificate for " + name, cause);
  }
}
