package dev.countersign.server.settings;

import dev.countersign.core.secret.SecretChars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// A file whose content is a secret, UTF-8; a line end after it does not count. Read anew for each
/// use, so that nothing keeps the secret meanwhile.
public record SecretFile(Path path) {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  /// @throws UncheckedIOException when it is missing, or open to others than its owner
  public SecretChars read() {
    try {
      if (!OWNER.containsAll(Files.getPosixFilePermissions(path))) {
        throw new IOException(path + " is open to others than its owner; chmod 600 it");
      }
      return SecretChars.takingUtf8(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException("the secret file cannot be read: " + e.getMessage(), e);
    }
  }
}
