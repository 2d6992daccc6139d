package dev.countersign.cli.certificate;

import dev.countersign.cli.certificate.CertificateIssue.Issued;
import dev.countersign.testenv.OwnerOnly;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// An authority and what it has issued, in a private folder: `ca.pem`, `ca.key`, and `NAME.pem`,
/// `NAME.key` for each. What is there is kept while it is good for another month; then it is
/// replaced.
public final class CertificateFolder {
  private static final String AUTHORITY = "ca";
  private static final Duration AUTHORITY_VALID = Duration.ofDays(3650);
  private static final Duration LEAF_VALID = Duration.ofDays(365);
  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  private final Path directory;
  private final Instant now;
  private final CertificateIssue issue;
  private final Issued authority;

  private CertificateFolder(Path directory, Instant now, CertificateIssue issue, Issued authority) {
    this.directory = directory;
    this.now = now;
    this.issue = issue;
    this.authority = authority;
  }

  /// Opens the folder; its authority is made on first use.
  ///
  /// @param name of the authority, for people
  public static CertificateFolder open(
      Path directory, String name, SecureRandom random, InstantSource clock) throws IOException {
    var now = clock.instant();
    var issue = new CertificateIssue(random, now);
    var files = PemFiles.in(OwnerOnly.directory(directory), AUTHORITY);
    if (files.exist()) {
      var certificate = files.readCertificate();
      // Its leaves may not outlive it.
      if (isGoodFor(certificate, now, LEAF_VALID)) {
        return new CertificateFolder(
            directory, now, issue, new Issued(certificate, files.readKey()));
      }
    }
    var made = issue.authority(name, AUTHORITY_VALID);
    files.write(made.certificate(), made.key());
    return new CertificateFolder(directory, now, issue, made);
  }

  /// {@return the authority's certificate, which both sides trust}
  public Path authority() {
    return PemFiles.in(directory, AUTHORITY).certificate();
  }

  /// {@return the certificate of a server on this machine: `localhost`, `127.0.0.1`, `::1`}
  public PemFiles server(String name) throws IOException {
    return obtain(name, Purpose.SERVER);
  }

  /// {@return the certificate of a client, whose common name is the client's name}
  public PemFiles client(String name) throws IOException {
    return obtain(name, Purpose.CLIENT);
  }

  private PemFiles obtain(String name, Purpose purpose) throws IOException {
    var files = PemFiles.in(directory, name);
    if (!files.exist() || !isOurs(files.readCertificate())) {
      var made = issue.leaf(authority, name, purpose, LEAF_VALID);
      files.write(made.certificate(), made.key());
    }
    return files;
  }

  private boolean isOurs(X509Certificate certificate) {
    try {
      certificate.verify(authority.certificate().getPublicKey());
      return isGoodFor(certificate, now, RENEWED_BEFORE);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean isGoodFor(X509Certificate certificate, Instant now, Duration time) {
    return certificate.getNotAfter().toInstant().isAfter(now.plus(time));
  }
}
