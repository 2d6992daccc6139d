package dev.countersign.endtoend;

import dev.countersign.cli.certificate.CertificateFolder;
import dev.countersign.cli.certificate.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;

/// The certificates of a deployment, and those that it must not let in.
final class Certificates {
  /// Longer than a client's certificate is valid.
  private static final Duration LONG_AGO = Duration.ofDays(500);

  private final Path directory;
  private final SecureRandom random;
  private final CertificateFolder folder;

  Certificates(Path directory, SecureRandom random) throws IOException {
    this.directory = directory;
    this.random = random;
    this.folder =
        CertificateFolder.open(directory, "Countersign tests", random, InstantSource.system());
  }

  /// {@return the certificate of the authority that both sides trust}
  Path authority() {
    return folder.authority();
  }

  PemFiles server() throws IOException {
    return folder.server("server");
  }

  PemFiles client(String name) throws IOException {
    return folder.client(name);
  }

  /// {@return a client's certificate of the same authority, which was good until long ago}
  PemFiles expiredClient(String name) throws IOException {
    return CertificateFolder.open(
            directory,
            "Countersign tests",
            random,
            () -> InstantSource.system().instant().minus(LONG_AGO))
        .client(name);
  }

  /// {@return a client's certificate of an authority that the server does not know}
  PemFiles strangeClient(String name) throws IOException {
    return CertificateFolder.open(
            directory.resolve("strange"), "Somebody else", random, InstantSource.system())
        .client(name);
  }

  /// {@return SHA-256 of the certificate's DER form, as a registration names it}
  static String fingerprint(PemFiles files) throws IOException {
    try (var in = Files.newInputStream(files.certificate())) {
      byte[] der = CertificateFactory.getInstance("X.509").generateCertificate(in).getEncoded();
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (GeneralSecurityException e) {
      throw new IOException(files.certificate() + " is no certificate", e);
    }
  }
}
