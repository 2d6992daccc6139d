package dev.countersign.server.harness;

import dev.countersign.server.access.CertificateFingerprint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// Issues certificates for tests.
public final class TestAuthority {
  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final KeyPair keys;
  private final X509Certificate certificate;

  /// A certificate with its key, as PEM text.
  public record Identity(String certificatePem, String keyPem, CertificateFingerprint fingerprint) {

    /// Writes `NAME.pem` and `NAME.key`.
    public void write(Path directory, String name) {
      try {
        Files.writeString(directory.resolve(name + ".pem"), certificatePem);
        Files.writeString(directory.resolve(name + ".key"), keyPem);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public TestAuthority(String name) {
    this.keys = newKeys();
    this.certificate = issue(name, keys, Instant.now().plus(DAY), true);
  }

  public String pem() {
    return pem("CERTIFICATE", encoded(certificate));
  }

  /// Good for a day, for servers at 127.0.0.1 and for clients.
  public Identity issue(String name) {
    return issue(name, Instant.now().plus(DAY));
  }

  public Identity issue(String name, Instant end) {
    KeyPair own = newKeys();
    X509Certificate issued = issue(name, own, end, false);
    return new Identity(
        pem("CERTIFICATE", encoded(issued)),
        pem("PRIVATE KEY", own.getPrivate().getEncoded()),
        CertificateFingerprint.of(issued));
  }

  /// For a TLS server of the JDK at 127.0.0.1.
  public SSLContext serverContext(String name) {
    KeyPair own = newKeys();
    X509Certificate issued = issue(name, own, Instant.now().plus(DAY), false);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(name, own.getPrivate(), new char[0], new Certificate[] {issued});
      KeyManagerFactory keyManagers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a TLS server for a test", e);
    }
  }

  /// For a TLS client that trusts this authority alone.
  ///
  /// @param shown what the client shows of itself, whoever issued it
  public SSLContext clientContext(Optional<Identity> shown) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          shown.isPresent() ? keyManagers(shown.get()) : null, new TrustManager[] {trust()}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a TLS client for a test", e);
    }
  }

  /// Trusts this authority alone.
  public X509TrustManager trust() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("authority", certificate);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return (X509TrustManager) factory.getTrustManagers()[0];
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot make a TLS client for a test", e);
    }
  }

  private static KeyManager[] keyManagers(Identity identity)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "client",
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der(identity.keyPem))),
        new char[0],
        new Certificate[] {
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der(identity.certificatePem)))
        });
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static byte[] der(String pem) {
    return Base64.getMimeDecoder()
        .decode(
            pem.lines().filter(line -> !line.startsWith("-")).collect(Collectors.joining("\n")));
  }

  private X509Certificate issue(String name, KeyPair own, Instant end, boolean authority) {
    X500Principal subject = new X500Principal("CN=" + name);
    X500Principal issuer = authority ? subject : certificate.getSubjectX500Principal();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
                  issuer,
                  BigInteger.valueOf(SERIAL.getAndIncrement()),
                  Date.from(end.minus(DAY.multipliedBy(2))),
                  Date.from(end),
                  subject,
                  own.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!authority) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot issue a certificate for a test", e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String type, byte[] der) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
