package dev.countersign.server.access;

import static java.util.stream.Collectors.joining;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS 1.3 and nothing older, with a certificate from both ends.
///
/// @param certificate the server's certificate chain, PEM
/// @param key the server's private key, PKCS#8 PEM
/// @param clientAuthority the certificates that client certificates must lead to, PEM
public record MutualTls(Path certificate, Path key, Path clientAuthority) {

  /// Reads the files.
  ///
  /// @throws IOException when one is missing or is not what it should be, with its name
  public SslContext serverContext(CallerRefusals refusals) throws IOException {
    try {
      return GrpcSslContexts.configure(
              SslContextBuilder.forServer(certificate.toFile(), key.toFile()), SslProvider.JDK)
          .protocols("TLSv1.3")
          .clientAuth(ClientAuth.REQUIRE)
          .trustManager(new ReportingTrust(trust(), refusals))
          .build();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "cannot read the server's TLS files %s, %s, %s"
              .formatted(certificate, key, clientAuthority),
          e);
    }
  }

  /// The same files for a listener where a client may show a certificate, and need not.
  ///
  /// @throws IOException when one is missing or is not what it should be, with its name
  public SSLContext optionalClientContext(CallerRefusals refusals) throws IOException {
    try {
      KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
      own.load(null, null);
      own.setKeyEntry(
          "server",
          privateKey(),
          new char[0],
          certificates(certificate).toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, new char[0]);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          keys.getKeyManagers(), new TrustManager[] {new ReportingTrust(trust(), refusals)}, null);
      return context;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "cannot read the server's TLS files %s, %s, %s"
              .formatted(certificate, key, clientAuthority),
          e);
    }
  }

  /// PKCS#8 does not say in clear which algorithm it is of: it is the one that can read it.
  private PrivateKey privateKey() throws IOException, GeneralSecurityException {
    String base64 =
        Files.readString(key).lines().filter(line -> !line.startsWith("-")).collect(joining());
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // The next one.
      }
    }
    throw new InvalidKeySpecException("expected a key of EC, RSA or Ed25519");
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(pem);
      if (found.isEmpty()) {
        throw new IOException("no certificate in " + file);
      }
      return found;
    }
  }

  private X509ExtendedTrustManager trust() throws IOException, GeneralSecurityException {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    int number = 0;
    for (Certificate one : certificates(clientAuthority)) {
      authorities.setCertificateEntry("authority-" + number++, one);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    for (TrustManager one : factory.getTrustManagers()) {
      if (one instanceof X509ExtendedTrustManager trust) {
        return trust;
      }
    }
    throw new IllegalStateException("the JDK's trust managers are X509ExtendedTrustManagers");
  }
}
