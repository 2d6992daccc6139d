package dev.countersign.server.access;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// A secret that a client shows instead of a certificate: 256 random bits. What is stored is its
/// SHA-256, from which nobody finds it again. Without a text form, but for whoever hands it out.
public final class BearerToken {
  /// What every token begins with, so that scanners for secrets know it.
  public static final String PREFIX = "cst_";

  private static final int SIZE = 32;
  private static final Pattern FORM = Pattern.compile("cst_[0-9a-f]{64}");

  private final String text;

  private BearerToken(String text) {
    this.text = text;
  }

  static BearerToken random(SecureRandom random) {
    byte[] secret = new byte[SIZE];
    random.nextBytes(secret);
    return new BearerToken(PREFIX + HexFormat.of().formatHex(secret));
  }

  /// @return nothing when it has another form
  public static Optional<BearerToken> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new BearerToken(text)) : Optional.empty();
  }

  /// What is stored of it.
  Digest32 hash() {
    try {
      return new Digest32(
          Bytes.of(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.US_ASCII))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /// The secret itself, once, for the client that it is made for.
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "BearerToken";
  }
}
