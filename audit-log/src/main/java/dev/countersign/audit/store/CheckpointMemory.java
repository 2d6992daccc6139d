package dev.countersign.audit.store;

import dev.countersign.audit.checkpoint.CheckpointFile;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The newest checkpoint that this instance has seen, in a file: the one thing about the log that a
/// restored backup of the database does not set back.
///
/// @param file made when missing; must not be shared by instances
public record CheckpointMemory(Path file) {

  /// What was kept last; nothing before [#keep] was ever called.
  ///
  /// @throws BrokenLogException when the file is no checkpoint of this log
  /// @throws UncheckedIOException when it cannot be read, or is empty or cut off
  Optional<SignedCheckpoint> recall(LogKeys keys) {
    try {
      byte[] note = Files.readAllBytes(file);
      if (isCutOff(new String(note, StandardCharsets.UTF_8))) {
        throw new IOException(
            "it is empty or cut off, expected a signed checkpoint; put a copy of it back, or, once"
                + " countersign audit verify --known with a checkpoint from elsewhere shows that"
                + " the log was not set back, delete it");
      }
      return Optional.of(keys.open(note));
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

  /// A signed note ends with a line of a signature, after an empty line.
  private static boolean isCutOff(String note) {
    return !note.endsWith("\n") || note.endsWith("\n\n") || !note.contains("\n\n");
  }

  /// Whole or not at all, and on the disk.
  ///
  /// @throws UncheckedIOException when it cannot be written
  void keep(SignedCheckpoint checkpoint) {
    try {
      new CheckpointFile(file).write(checkpoint);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the newest checkpoint in " + file, e);
    }
  }
}
