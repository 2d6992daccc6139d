package dev.countersign.audit.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// A disk that is full, for chosen files: in the place of each is a link to Linux's `/dev/full`,
/// on which every write fails as it does on a full disk (ENOSPC). Closing it makes room again.
final class FullDisk implements AutoCloseable {
  private static final Path FULL = Path.of("/dev/full");
  private static final String ASIDE = ".aside";

  private final List<Path> files = new ArrayList<>();

  /// @param files not there yet, or empty: what was in them could not be read
  FullDisk(Path... files) throws IOException {
    for (Path file : files) {
      if (Files.exists(file)) {
        if (Files.size(file) > 0) {
          throw new IllegalArgumentException(file + " is not empty");
        }
        Files.move(file, aside(file));
      } else {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      Files.createSymbolicLink(file, FULL);
      this.files.add(file);
    }
  }

  /// For the long values of a table, which nothing was written to yet. Sessions that have written
  /// to it before do not notice.
  ///
  /// @param superuser of a database whose files this process can reach
  static FullDisk underLongValuesOf(Handle superuser, String table) throws IOException {
    Path data = Path.of(superuser.createQuery("SHOW data_directory").mapTo(String.class).one());
    Path[] files =
        superuser
            .createQuery(
                """
                SELECT pg_relation_filepath(reltoastrelid) FROM pg_class
                WHERE reltoastrelid <> 0 AND (oid = CAST(:table AS regclass)
                  OR oid IN (SELECT inhrelid FROM pg_inherits
                    WHERE inhparent = CAST(:table AS regclass)))
                """)
            .bindMap(Map.of("table", table))
            .mapTo(String.class)
            .map(data::resolve)
            .list()
            .toArray(Path[]::new);
    if (files.length == 0) {
      throw new IllegalArgumentException(table + " has no place for long values");
    }
    return new FullDisk(files);
  }

  private static Path aside(Path file) {
    return file.resolveSibling(file.getFileName() + ASIDE);
  }

  @Override
  public void close() throws IOException {
    for (Path file : files) {
      Files.delete(file);
      if (Files.exists(aside(file))) {
        Files.move(aside(file), file);
      }
    }
    files.clear();
  }
}
