package dev.countersign.audit.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that one checkpoint is kept in, for the next time. It is worth nothing unless it outlives
/// a loss of power: an older one, or none, would let a log be set back.
///
/// @param file in a directory that is there
public record CheckpointFile(Path file) {

  /// Replaces what the file has, as a whole or not at all; once this returns, the disk has it.
  ///
  /// @throws IOException when that failed: what was kept before still is, or the new one is
  public void write(SignedCheckpoint checkpoint) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer note = ByteBuffer.wrap(checkpoint.note().getBytes(StandardCharsets.UTF_8));
      while (note.hasRemaining()) {
        channel.write(note);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      // The new name is on the disk with its directory alone.
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
