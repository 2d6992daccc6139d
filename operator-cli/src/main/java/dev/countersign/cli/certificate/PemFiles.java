package dev.countersign.cli.certificate;

import dev.countersign.cli.CommandException;
import dev.countersign.testenv.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A certificate and its private key as two PEM files.
///
/// @param certificate `NAME.pem`: the certificate alone
/// @param key `NAME.key`: PKCS#8, not encrypted, mode 0600
public record PemFiles(Path certificate, Path key) {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  static PemFiles in(Path directory, String name) {
    return new PemFiles(directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
  }

  boolean exist() {
    return Files.exists(certificate) && Files.exists(key);
  }

  // The key first: a certificate without one would look issued.
  void write(X509Certificate issued, PrivateKey secret) throws IOException {
    try {
      byte[] encoded = secret.getEncoded();
      byte[] pem = pem(PRIVATE_KEY, encoded);
      OwnerOnly.replace(key, pem);
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(pem, (byte) 0);
      OwnerOnly.replace(certificate, pem(CERTIFICATE, issued.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate just made has no encoding", e);
    }
  }

  X509Certificate readCertificate() throws IOException {
    try (var in = Files.newInputStream(certificate)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (GeneralSecurityException e) {
      throw CommandException.unavailable(
          certificate + " is not a certificate in PEM: " + e.getMessage(), e);
    }
  }

  /// {@return SHA-256 of the certificate's DER form, 64 lower-case hex digits: what a server
  /// registers a client by}
  public String fingerprint() throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(readCertificate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  PrivateKey readKey() throws IOException {
    byte[] text = Files.readAllBytes(key);
    try {
      byte[] encoded = decode(new String(text, StandardCharsets.US_ASCII));
      var secret = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      Arrays.fill(encoded, (byte) 0);
      return secret;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw CommandException.unavailable(key + " is not an EC key in PEM (PKCS#8)", e);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static byte[] decode(String pem) {
    int start = pem.indexOf(header(PRIVATE_KEY));
    int end = pem.indexOf(footer(PRIVATE_KEY));
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no " + PRIVATE_KEY + " block");
    }
    return Base64.getMimeDecoder().decode(pem.substring(start + header(PRIVATE_KEY).length(), end));
  }

  private static byte[] pem(String type, byte[] der) {
    byte[] body = LINES.encode(der);
    byte[] head = (header(type) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] foot = ("\n" + footer(type) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(head, head.length + body.length + foot.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    System.arraycopy(foot, 0, all, head.length + body.length, foot.length);
    Arrays.fill(body, (byte) 0);
    return all;
  }

  private static String header(String type) {
    return "-----BEGIN " + type + "-----";
  }

  private static String footer(String type) {
    return "-----END " + type + "-----";
  }
}
