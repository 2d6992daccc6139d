package dev.countersign.cli.approval;

import dev.countersign.cli.CommandException;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.Ed25519ApproverKey;
import dev.countersign.core.model.Bytes;
import dev.countersign.testenv.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// An Ed25519 key in a file that its owner alone can read: PKCS#8 in PEM (RFC 8410, section 7), as
/// `openssl genpkey -algorithm ed25519` makes it too.
public final class FileApprovalKey implements ApprovalKey {
  private static final byte[] HEAD =
      "-----BEGIN PRIVATE KEY-----\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FOOT =
      "\n-----END PRIVATE KEY-----\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final int BASE64_SIZE = 64; // of 16 + 32 bytes
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final byte[] seed;
  private final ApproverKey publicKey;

  private FileApprovalKey(byte[] seed) {
    this.seed = seed;
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, point, 0);
    this.publicKey = new Ed25519ApproverKey(Bytes.of(point));
  }

  /// Makes a key.
  ///
  /// @param file that must not be there yet
  public static FileApprovalKey create(Path file, SecureRandom random) {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(seed);
    byte[] pem = pem(seed);
    try {
      OwnerOnly.write(file, pem);
      return new FileApprovalKey(seed);
    } catch (FileAlreadyExistsException e) {
      throw CommandException.usage(
          file + " is there already: a key is never overwritten; choose another --out");
    } catch (IOException e) {
      throw CommandException.unavailable("cannot write " + file + ": " + e, e);
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
  }

  /// The key in `file`.
  public static FileApprovalKey open(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (!OWNER_ONLY.containsAll(permissions)) {
        throw CommandException.unavailable(
            "others than its owner may use %s: expected rw------- at most, got %s; run: chmod 600 %s"
                .formatted(file, PosixFilePermissions.toString(permissions), file));
      }
      if (Files.size(file) > 1024) {
        throw notAKey(file);
      }
      byte[] content = Files.readAllBytes(file);
      try {
        return parse(file, content);
      } finally {
        Arrays.fill(content, (byte) 0);
      }
    } catch (IOException e) {
      throw CommandException.unavailable("the key " + file + " cannot be read: " + e, e);
    }
  }

  private static byte[] pem(byte[] seed) {
    byte[] der = ByteBuffer.allocate(48).put(PKCS8_PREFIX).put(seed).array();
    byte[] body = Base64.getEncoder().encode(der);
    byte[] pem =
        ByteBuffer.allocate(HEAD.length + body.length + FOOT.length)
            .put(HEAD)
            .put(body)
            .put(FOOT)
            .array();
    Arrays.fill(der, (byte) 0);
    Arrays.fill(body, (byte) 0);
    return pem;
  }

  private static FileApprovalKey parse(Path file, byte[] content) {
    int end = HEAD.length + BASE64_SIZE;
    boolean framed =
        content.length == end + FOOT.length
            && Arrays.equals(content, 0, HEAD.length, HEAD, 0, HEAD.length)
            && Arrays.equals(content, end, content.length, FOOT, 0, FOOT.length);
    if (!framed) {
      throw notAKey(file);
    }
    byte[] body = Arrays.copyOfRange(content, HEAD.length, end);
    byte[] der = {};
    try {
      der = Base64.getDecoder().decode(body);
      if (!Arrays.equals(der, 0, PKCS8_PREFIX.length, PKCS8_PREFIX, 0, PKCS8_PREFIX.length)) {
        throw notAKey(file);
      }
      return new FileApprovalKey(Arrays.copyOfRange(der, PKCS8_PREFIX.length, der.length));
    } catch (IllegalArgumentException e) {
      throw notAKey(file);
    } finally {
      Arrays.fill(body, (byte) 0);
      Arrays.fill(der, (byte) 0);
    }
  }

  private static CommandException notAKey(Path file) {
    return CommandException.unavailable(
        file
            + " is no approver's key: expected an Ed25519 key, PKCS#8 in PEM, as countersign"
            + " approver new-key makes it");
  }

  @Override
  public ApproverKey publicKey() {
    return publicKey;
  }

  @Override
  public Bytes sign(byte[] message) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
    return Bytes.of(signature);
  }

  @Override
  public void close() {
    Arrays.fill(seed, (byte) 0);
  }
}
