package dev.countersign.audit.verify;

import java.util.Optional;

/// Where the files of a log come from. Nothing it gives is trusted.
@FunctionalInterface
public interface LogFiles {

  /// The file, or nothing when there is none.
  ///
  /// @param path as [dev.countersign.audit.tiles.TilePath] gives it
  /// @throws java.io.UncheckedIOException when it cannot be known
  Optional<byte[]> read(String path);
}
