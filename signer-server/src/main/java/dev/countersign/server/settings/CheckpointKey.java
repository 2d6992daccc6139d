package dev.countersign.server.settings;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import java.nio.file.Path;
import java.util.Optional;

/// Where the key that signs checkpoints is. Every instance needs the same.
public sealed interface CheckpointKey {
  /// In a file that only its owner can read; made by the first start.
  ///
  /// @param vault whose transit key the file's content is encrypted with; as it is without
  record InFile(Path file, Optional<VaultSettings> vault) implements CheckpointKey {}

  /// In the token of a key backend, which it cannot leave; made by the first start.
  record InToken(BackendName backend, KeyId key) implements CheckpointKey {}

  /// @param section `audit`
  static CheckpointKey read(Section section) {
    Optional<Path> file = section.optionalPath("keyFile", "none: key is in a token");
    if (!section.has("key")) {
      return new InFile(
          file.orElseThrow(() -> section.wrong("key", "expected it, or keyFile")),
          section.has("vault")
              ? Optional.of(VaultSettings.read(section.section("vault")))
              : Optional.empty());
    }
    if (file.isPresent()) {
      throw section.wrong("keyFile", "expected it or key, not both");
    }
    Section key = section.section("key");
    CheckpointKey found =
        new InToken(key.value("backend", BackendName::new), key.value("name", KeyId::new));
    key.end();
    return found;
  }
}
