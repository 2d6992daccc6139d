package dev.countersign.cli.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFolderTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path directory;

  @Test
  void clientAndServerMeetOverMutualTls13() throws Exception {
    var now = InstantSource.system();
    var folder = CertificateFolder.open(directory, "test CA", new SecureRandom(), now);
    var serverSide = context(folder.server("server"));
    var clientSide = context(folder.client("trading-desk"));
    try (var listening =
        (SSLServerSocket)
            serverSide
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(true);
      var accepted = new Thread(() -> accept(listening), "server side");
      accepted.start();
      try (var socket =
          (SSLSocket)
              clientSide.getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort())) {
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("CN=trading-desk");
      }
      accepted.join();
    }
  }

  @Test
  void keysAreReadableByTheirOwnerAlone() throws IOException {
    var folder = open(NOW);
    for (Path file : List.of(folder.server("server").key(), directory.resolve("ca.key"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void whatIsThereIsKept() throws IOException {
    var before = Files.readString(open(NOW).client("auditor").certificate());
    var later = open(NOW.plus(Duration.ofDays(300)));
    assertThat(Files.readString(later.client("auditor").certificate())).isEqualTo(before);
  }

  @Test
  void whatExpiresWithinAMonthIsReplaced() throws IOException {
    var first = open(NOW).client("auditor").readCertificate();
    var later = open(NOW.plus(Duration.ofDays(340)));
    var second = later.client("auditor").readCertificate();
    assertThat(second.getSerialNumber()).isNotEqualTo(first.getSerialNumber());
    assertThat(second.getIssuerX500Principal()).isEqualTo(first.getIssuerX500Principal());
  }

  @Test
  void whatAnotherAuthorityIssuedIsReplaced() throws IOException {
    var first = open(NOW).client("auditor").readCertificate();
    Files.delete(directory.resolve("ca.key"));
    var second = open(NOW).client("auditor").readCertificate();
    assertThat(second.getSerialNumber()).isNotEqualTo(first.getSerialNumber());
  }

  private CertificateFolder open(Instant now) throws IOException {
    return CertificateFolder.open(
        directory, "test CA", new SecureRandom(), InstantSource.fixed(now));
  }

  private static void accept(SSLServerSocket listening) {
    try (var socket = (SSLSocket) listening.accept();
        var out = socket.getOutputStream()) {
      socket.startHandshake();
      out.write(
          socket.getSession().getPeerPrincipal().getName().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLContext context(PemFiles own) throws Exception {
    var authority = PemFiles.in(directory, "ca").readCertificate();
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", authority);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "own",
        own.readKey(),
        new char[0],
        new java.security.cert.Certificate[] {own.readCertificate()});
    var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(keys, new char[0]);
    var context = SSLContext.getInstance("TLSv1.3");
    context.init(identity.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
    return context;
  }
}
