package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The newest checkpoint that this instance has seen, in a file: the one thing about the log that a
/// restored backup of the database does not set back.
///
/// @param file made when missing; must not be shared by instances
public record CheckpointMemory(Path file) {

  /// What was kept last; nothing before [#keep] was ever called.
  ///
  /// @throws BrokenLogException when the file is no checkpoint of this log
  /// @throws UncheckedIOException when it cannot be read
  Optional<SignedCheckpoint> recall(LogKeys keys) {
    try {
      return Optional.of(keys.open(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the checkpoint kept in " + file, e);
    } catch (InvalidNoteException e) {
      throw new BrokenLogException(
          "%s is not a checkpoint of this log; where the log is a new one, move the file away%n  %s"
              .formatted(file, e.getMessage()));
    }
  }

  /// Whole or not at all.
  ///
  /// @throws UncheckedIOException when it cannot be written
  void keep(SignedCheckpoint checkpoint) {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(draft, checkpoint.note().getBytes(StandardCharsets.UTF_8));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the newest checkpoint in " + file, e);
    }
  }
}
