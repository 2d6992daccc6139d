package dev.countersign.hsm.pkcs11;

import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.core.secret.SecretChars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// The file a token's PIN is in: UTF-8, a line end after it does not count. Read anew for each
/// login, so that nothing keeps the PIN meanwhile.
record PinFile(Path path) {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  /// @throws KeyBackendException of kind BROKEN when the file is missing, empty, or open to anyone
  /// but its owner
  SecretChars read() {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        throw broken("is open to others than its owner; chmod 600 it, and think about a new PIN");
      }
      if (Files.size(path) == 0) {
        throw broken("is empty; write the token's user PIN into it");
      }
      return SecretChars.takingUtf8(Files.readAllBytes(path));
    } catch (IOException e) {
      throw broken("cannot be read: " + e);
    }
  }

  /// Changes when the file is written.
  FileTime lastModified() {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private KeyBackendException broken(String why) {
    return new KeyBackendException(Kind.BROKEN, "the PIN file " + path + " " + why);
  }
}
