package dev.countersign.server.config;

import dev.countersign.core.decision.SealKey;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.secret.SecretChars;
import dev.countersign.server.settings.SecretFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/// The file with the secret that permits and the active policy are sealed with: 64 hexadecimal
/// digits. It is never made here: an instance that made its own would trust nothing that the others
/// decided.
final class PermitKeyFile {
  private PermitKeyFile() {}

  /// @throws StartException when the file is missing, open to others than its owner, or not of the
  /// right form; it says what to do
  static SealKey open(SecretFile file) {
    if (Files.notExists(file.path())) {
      throw new StartException(
          "the permit key %1$s is missing; make it once, with (umask 077; openssl rand -hex %2$d > %1$s), and give every instance the same"
              .formatted(file.path(), SealKey.SIZE));
    }
    try (SecretChars digits = file.read()) {
      return digits.use(SealKey::ofHex);
    } catch (UncheckedIOException | InvalidValueException e) {
      throw new StartException(
          "the permit key %s cannot be used: %s".formatted(file.path(), e.getMessage()), e);
    }
  }
}
