package dev.countersign.server.access;

import dev.countersign.core.model.InvalidValueException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// SHA-256 of a certificate's DER form, as 64 lower-case hex digits.
public record CertificateFingerprint(String sha256) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  public CertificateFingerprint {
    if (!FORM.matcher(sha256).matches()) {
      throw InvalidValueException.of(
          "certificate fingerprint",
          sha256,
          "SHA-256 of the certificate, 64 lower-case hex digits");
    }
  }

  public static CertificateFingerprint of(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return new CertificateFingerprint(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was decoded encodes again", e);
    }
  }
}
