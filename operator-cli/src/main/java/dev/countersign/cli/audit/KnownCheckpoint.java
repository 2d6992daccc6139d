package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.CheckpointFile;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads what an auditor kept: checkpoints, and proofs, which end with one.
final class KnownCheckpoint {
  private static final int MOST_BYTES = 1 << 20;

  private KnownCheckpoint() {}

  /// A checkpoint, from its own file or from a proof's.
  static SignedCheckpoint read(Path file, LogKeys keys) {
    var text = text(file);
    try {
      var note =
          file.toString().endsWith(LogProof.EXTENSION) ? LogProof.parse(text).checkpoint() : text;
      return keys.open(note.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidNoteException e) {
      throw CommandException.no(file + ": " + e.getMessage());
    }
  }

  /// Keeps one for the next time; whole or not at all, and on the disk.
  static void save(Path file, SignedCheckpoint checkpoint) {
    try {
      new CheckpointFile(file).write(checkpoint);
    } catch (IOException e) {
      throw CommandException.unavailable("cannot keep the checkpoint in " + file + ": " + e, e);
    }
  }

  static LogProof proof(Path file) {
    try {
      return LogProof.parse(text(file));
    } catch (InvalidNoteException e) {
      throw CommandException.no(file + ": " + e.getMessage());
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw CommandException.no(file + " is too long for a proof or a checkpoint");
      }
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw CommandException.no(file + " is not text");
    } catch (IOException e) {
      throw CommandException.unavailable("cannot read " + file + ": " + e, e);
    }
  }
}
