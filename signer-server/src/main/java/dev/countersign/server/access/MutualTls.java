package dev.countersign.server.access;

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
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
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

  private X509ExtendedTrustManager trust() throws IOException, GeneralSecurityException {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    try (InputStream pem = Files.newInputStream(clientAuthority)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(pem);
      if (found.isEmpty()) {
        throw new IOException("no certificate in " + clientAuthority);
      }
      int number = 0;
      for (Certificate one : found) {
        authorities.setCertificateEntry("authority-" + number++, one);
      }
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
