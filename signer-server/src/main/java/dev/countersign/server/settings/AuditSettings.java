package dev.countersign.server.settings;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import java.nio.file.Path;
import java.util.Optional;

/// @param origin the log's name, the first line of its checkpoints
/// @param key what signs checkpoints
/// @param witnesses who cosigns checkpoints before proofs are given out
public record AuditSettings(String origin, CheckpointKey key, WitnessSettings witnesses) {

  /// Where the key that signs checkpoints is. Every instance needs the same.
  public sealed interface CheckpointKey {
    /// In a file that only its owner can read; made by the first start.
    record InFile(Path file) implements CheckpointKey {}

    /// In the token of a key backend, which it cannot leave; made by the first start.
    record InToken(BackendName backend, KeyId key) implements CheckpointKey {}
  }

  static AuditSettings read(Section section) {
    AuditSettings settings =
        new AuditSettings(
            section.text("origin"),
            key(section),
            section.has("witnesses")
                ? WitnessSettings.read(section.section("witnesses"))
                : WitnessSettings.NONE);
    section.end();
    return settings;
  }

  private static CheckpointKey key(Section section) {
    Optional<Path> file = section.optionalPath("keyFile", "none: key is in a token");
    if (!section.has("key")) {
      return new CheckpointKey.InFile(
          file.orElseThrow(() -> section.wrong("key", "expected it, or keyFile")));
    }
    if (file.isPresent()) {
      throw section.wrong("keyFile", "expected it or key, not both");
    }
    Section key = section.section("key");
    CheckpointKey found =
        new CheckpointKey.InToken(
            key.value("backend", BackendName::new), key.value("name", KeyId::new));
    key.end();
    return found;
  }
}
