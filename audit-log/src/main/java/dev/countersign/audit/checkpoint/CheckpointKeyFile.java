package dev.countersign.audit.checkpoint;

import dev.countersign.core.model.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// A checkpoint key in a file that its owner alone can read, in the text form that Go's `note`
/// package gives signer keys: one line, `PRIVATE+KEY+name+id+base64` of the byte 1 and the seed.
public final class CheckpointKeyFile {
  private static final byte[] HEAD = "PRIVATE+KEY+".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final int SEED_SIZE = Ed25519.SECRET_KEY_SIZE;
  private static final byte ED25519 = 1;
  private static final int MOST_BYTES = 1024;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private CheckpointKeyFile() {}

  /// The key in `file`; makes one first when there is no such file.
  ///
  /// @throws InvalidNoteException when the file is no such key, or of another origin
  /// @throws UncheckedIOException when others may read the file, or it cannot be read or made
  public static CheckpointSigner openOrCreate(Path file, String origin, SecureRandom random) {
    return openOrCreate(file, origin, random, KeyWrapping.NONE);
  }

  /// [#openOrCreate] for a file that holds the key wrapped.
  ///
  /// @throws UncheckedIOException also when the key cannot be wrapped or unwrapped
  public static CheckpointSigner openOrCreate(
      Path file, String origin, SecureRandom random, KeyWrapping wrapping) {
    try {
      if (Files.notExists(file)) {
        create(file, origin, random, wrapping);
      }
      CheckpointSigner signer = open(file, wrapping);
      if (!signer.verifierKey().name().equals(origin)) {
        throw InvalidNoteException.of(
            "the origin that " + file + " was made for", origin, signer.verifierKey().name());
      }
      return signer;
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint key " + file + " cannot be used", e);
    }
  }

  /// The key in `file`, of whatever origin.
  ///
  /// @throws InvalidNoteException when the file is no such key
  /// @throws UncheckedIOException when there is none, others may read it, or it cannot be read
  public static CheckpointSigner openExisting(Path file) {
    try {
      return open(file, KeyWrapping.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException("the key " + file + " cannot be used", e);
    }
  }

  /// Durable, whole and private from the first moment that the file has its name; of two that race,
  /// one makes the key and the other uses it.
  private static void create(Path file, String origin, SecureRandom random, KeyWrapping wrapping)
      throws IOException {
    byte[] seed = new byte[SEED_SIZE];
    random.nextBytes(seed);
    byte[] line = format(origin, seed);
    Arrays.fill(seed, (byte) 0);
    byte[] content;
    try {
      content = wrapping.wrap(line);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
    Path draft =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            file.getFileName().toString(),
            ".new",
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // another process was quicker
    } finally {
      Arrays.fill(content, (byte) 0);
      Files.delete(draft);
    }
  }

  private static byte[] format(String origin, byte[] seed) {
    byte[] typed = new byte[1 + SEED_SIZE];
    typed[0] = ED25519;
    System.arraycopy(seed, 0, typed, 1, SEED_SIZE);
    byte[] encoded = Base64.getEncoder().encode(typed);
    String verifier = new VerifierKey(origin, publicKey(seed)).toString();
    String nameAndId = verifier.substring(0, verifier.indexOf('+', origin.length() + 1) + 1);
    byte[] middle = nameAndId.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer line = ByteBuffer.allocate(HEAD.length + middle.length + encoded.length + 1);
    line.put(HEAD).put(middle).put(encoded).put((byte) '\n');
    Arrays.fill(typed, (byte) 0);
    Arrays.fill(encoded, (byte) 0);
    return line.array();
  }

  private static CheckpointSigner open(Path file, KeyWrapping wrapping) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(permissions)) {
      throw new IOException(
          "others than its owner may use it: expected rw------- at most, got %s; run: chmod 600 %s"
              .formatted(PosixFilePermissions.toString(permissions), file));
    }
    if (Files.size(file) > MOST_BYTES) {
      throw InvalidNoteException.of(
          file.toString(), "a checkpoint key", Files.size(file) + " bytes");
    }
    byte[] content = Files.readAllBytes(file);
    byte[] line = {};
    try {
      line = wrapping.unwrap(content);
      return parse(file, line);
    } finally {
      Arrays.fill(content, (byte) 0);
      Arrays.fill(line, (byte) 0);
    }
  }

  private static CheckpointSigner parse(Path file, byte[] line) {
    int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    int nameEnd = indexOf(line, HEAD.length, end);
    int idEnd = indexOf(line, nameEnd + 1, end);
    if (!startsWithHead(line) || nameEnd == end || idEnd == end) {
      throw notAKey(file);
    }
    byte[] encoded = Arrays.copyOfRange(line, idEnd + 1, end);
    byte[] typed = {};
    byte[] seed = {};
    try {
      typed = Base64.getDecoder().decode(encoded);
      if (typed.length != 1 + SEED_SIZE || typed[0] != ED25519) {
        throw notAKey(file);
      }
      seed = Arrays.copyOfRange(typed, 1, typed.length);
      String name = new String(line, HEAD.length, nameEnd - HEAD.length, StandardCharsets.US_ASCII);
      VerifierKey verifier = new VerifierKey(name, publicKey(seed));
      String nameAndId =
          new String(line, HEAD.length, idEnd + 1 - HEAD.length, StandardCharsets.US_ASCII);
      if (!verifier.toString().startsWith(nameAndId)) {
        throw notAKey(file);
      }
      return new Ed25519CheckpointSigner(name, keyPair(seed, verifier.publicKey()));
    } catch (InvalidNoteException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw notAKey(file);
    } finally {
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(typed, (byte) 0);
      Arrays.fill(seed, (byte) 0);
    }
  }

  private static boolean startsWithHead(byte[] line) {
    return line.length > HEAD.length && Arrays.equals(line, 0, HEAD.length, HEAD, 0, HEAD.length);
  }

  /// Where the next `+` is, or `end`.
  private static int indexOf(byte[] line, int from, int end) {
    int at = Math.min(from, end);
    while (at < end && line[at] != '+') {
      at++;
    }
    return at;
  }

  private static InvalidNoteException notAKey(Path file) {
    return new InvalidNoteException(
        file + " is no checkpoint key: expected one line, PRIVATE+KEY+origin+id+base64");
  }

  private static Bytes publicKey(byte[] seed) {
    byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, key, 0);
    return Bytes.of(key);
  }

  private static KeyPair keyPair(byte[] seed, Bytes publicKey) {
    byte[] pkcs8 = concat(PKCS8_PREFIX, seed);
    try {
      KeyFactory ed25519 = KeyFactory.getInstance("Ed25519");
      PublicKey verifying =
          ed25519.generatePublic(
              new X509EncodedKeySpec(concat(VerifierKey.X509_PREFIX, publicKey.toArray())));
      PrivateKey signing = ed25519.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      return new KeyPair(verifying, signing);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 is part of every JDK", e);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
