package dev.countersign.audit.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A log that was exported to a directory.
public record DirectoryLogFiles(Path directory) implements LogFiles {
  /// 256 entries of 65,535 bytes and their lengths, the largest file there can be, is 16 MiB.
  private static final long MOST_BYTES = 1 << 25;

  @Override
  public Optional<byte[]> read(String path) {
    Path file = directory.resolve(path);
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("no file of a log has more than 32 MiB");
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
