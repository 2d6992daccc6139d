package dev.countersign.audit.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// Brings what was written to a directory onto the disk, whoever wrote it.
final class DurableDirectory {
  private DurableDirectory() {}

  /// Every file below `directory`, every directory, and its own name where it is.
  ///
  /// @throws UncheckedIOException when that failed: then nothing may rely on it
  static void force(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> paths = all.toList();
      for (Path path : paths) {
        forceOne(path);
      }
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        forceOne(parent);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make sure that " + directory + " is on the disk", e);
    }
  }

  private static void forceOne(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
