package dev.countersign.testenv;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;

/// Files and directories that only their owner can read (modes 0600 and 0700), and the random
/// secrets kept in them.
public final class OwnerOnly {
  private static final Set<PosixFilePermission> DIRECTORY_MODE =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(DIRECTORY_MODE);

  /// No letter or digit that is mistaken for another; 32 symbols, so 5 bits each.
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  private OwnerOnly() {}

  /// Creates the directory and missing parents with mode 0700; an existing one is tightened to it.
  public static Path directory(Path path) throws IOException {
    Files.createDirectories(path, DIRECTORY);
    Files.setPosixFilePermissions(path, DIRECTORY_MODE);
    return path;
  }

  /// Writes a new file of mode 0600; fails when it exists.
  public static void write(Path path, byte[] content) throws IOException {
    try (var channel =
        FileChannel.open(
            path, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), FILE)) {
      Channels.newOutputStream(channel).write(content);
      channel.force(true);
    }
  }

  /// Replaces the file at once, so that a reader sees the old or the new content; mode 0600.
  public static void replace(Path path, byte[] content) throws IOException {
    var next = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(next);
    write(next, content);
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Returns the secret in the file; a new one of 160 random bits (32 characters of `[a-z2-9]`) is
  /// written when the file does not exist.
  ///
  /// @return the secret; the caller wipes it
  public static char[] secret(Path path, SecureRandom random) throws IOException {
    if (!Files.exists(path)) {
      byte[] fresh = new byte[32];
      for (int i = 0; i < fresh.length; i++) {
        fresh[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
      }
      write(path, fresh);
      Arrays.fill(fresh, (byte) 0);
    }
    return read(path);
  }

  /// Writes a key of 256 random bits as 64 hexadecimal digits, when the file does not exist.
  public static void hexKey(Path path, SecureRandom random) throws IOException {
    if (!Files.exists(path)) {
      byte[] fresh = new byte[64];
      for (int i = 0; i < fresh.length; i++) {
        fresh[i] = (byte) Character.forDigit(random.nextInt(16), 16);
      }
      write(path, fresh);
      Arrays.fill(fresh, (byte) 0);
    }
  }

  /// Returns the secret in the file; the caller wipes it.
  public static char[] read(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    var decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    char[] secret = new char[decoded.remaining()];
    decoded.get(secret);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(decoded.array(), '\0');
    return secret;
  }
}
