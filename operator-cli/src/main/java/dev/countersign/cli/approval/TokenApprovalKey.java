package dev.countersign.cli.approval;

import dev.countersign.cli.CommandException;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.Ed25519ApproverKey;
import dev.countersign.core.approval.P256ApproverKey;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// A P-256 or Ed25519 key in a PKCS#11 token, which never leaves it. The token has its public half
/// beside it, with the same label.
final class TokenApprovalKey implements ApprovalKey {
  private static final long PUBLIC_KEY = 2;
  private static final long PRIVATE_KEY = 3;
  private static final long LABEL = 3;
  private static final long EC_POINT = 0x181;
  private static final long ECDSA = 0x1041;
  private static final long EDDSA = 0x1057;
  private static final byte OCTET_STRING = 4;

  private final Cryptoki library;
  private final long session;
  private final long handle;
  private final ApproverKey publicKey;

  private TokenApprovalKey(Cryptoki library, long session, long handle, ApproverKey publicKey) {
    this.library = library;
    this.session = session;
    this.handle = handle;
    this.publicKey = publicKey;
  }

  /// Logs in and finds the key.
  ///
  /// @param pinFile holds the user PIN, and perhaps a line end
  static TokenApprovalKey open(Path module, String token, String label, Path pinFile) {
    byte[] pin = pin(pinFile);
    try {
      Cryptoki library = Cryptoki.load(module.toAbsolutePath());
      long session = library.openSession(library.slot(token));
      try {
        library.logIn(session, pin);
        long handle = one(library, session, PRIVATE_KEY, label);
        long half = one(library, session, PUBLIC_KEY, label);
        ApproverKey publicKey = publicKey(library.attribute(session, half, EC_POINT), label);
        return new TokenApprovalKey(library, session, handle, publicKey);
      } catch (RuntimeException e) {
        library.closeSession(session);
        throw e;
      }
    } finally {
      Arrays.fill(pin, (byte) 0);
    }
  }

  private static byte[] pin(Path file) {
    try {
      byte[] content = Files.readAllBytes(file);
      int end = content.length;
      while (end > 0 && (content[end - 1] == '\n' || content[end - 1] == '\r')) {
        end--;
      }
      byte[] pin = Arrays.copyOf(content, end);
      Arrays.fill(content, (byte) 0);
      return pin;
    } catch (IOException e) {
      throw CommandException.unavailable("--pin-file " + file + " cannot be read: " + e, e);
    }
  }

  private static long one(Cryptoki library, long session, long objectClass, String label) {
    long[] found =
        library.find(session, objectClass, LABEL, label.getBytes(StandardCharsets.UTF_8));
    if (found.length != 1) {
      throw CommandException.unavailable(
          "the token has %s %s key with the label %s"
              .formatted(
                  found.length == 0 ? "no" : "more than one",
                  objectClass == PUBLIC_KEY ? "public" : "private",
                  label));
    }
    return found[0];
  }

  /// @param point DER, an octet string (PKCS #11 v2.40), or what is in it as it is (v3.0 and some
  ///     tokens before): 0x04, x and y for P-256, 32 bytes for Ed25519
  private static ApproverKey publicKey(byte[] point, String label) {
    Bytes all = Bytes.of(point);
    boolean wrapped = point.length > 2 && point[0] == OCTET_STRING && point[1] == point.length - 2;
    Bytes content = wrapped ? all.slice(2, all.size()) : all;
    try {
      return content.size() == 32
          ? new Ed25519ApproverKey(content)
          : P256ApproverKey.ofUncompressed(content);
    } catch (InvalidValueException e) {
      throw CommandException.unavailable(
          "the key %s is of another kind: expected P-256 or Ed25519, got the public point %s"
              .formatted(label, all),
          e);
    }
  }

  @Override
  public ApproverKey publicKey() {
    return publicKey;
  }

  @Override
  public Bytes sign(byte[] message) {
    byte[] signature =
        switch (publicKey) {
          case Ed25519ApproverKey key -> library.sign(session, EDDSA, handle, message);
          case P256ApproverKey key -> library.sign(session, ECDSA, handle, sha256(message));
        };
    return Bytes.of(signature);
  }

  private static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  @Override
  public void close() {
    library.closeSession(session);
  }
}
