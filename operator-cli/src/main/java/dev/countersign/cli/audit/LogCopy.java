package dev.countersign.cli.audit;

import dev.countersign.api.v1.ExportLogRequest;
import dev.countersign.api.v1.ExportLogResponse;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ServerConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Objects;
import java.util.regex.Pattern;

/// Copies a server's log to a folder, file by file. A file is there as a whole or not at all, and
/// the checkpoint comes last, so a folder that has one has all that it vouches for.
public final class LogCopy {
  /// What a log's files are called (C2SP tlog-tiles). A server is not trusted with any other place.
  private static final Pattern PATH =
      Pattern.compile("[a-z0-9][a-z0-9.]{0,63}(/[a-z0-9][a-z0-9.]{0,63}){0,15}");

  private static final String DRAFT = ".new";

  private final Path directory;

  /// @param directory made when missing; an older copy of the same log in it is brought up to date
  public LogCopy(Path directory) {
    this.directory = directory;
  }

  /// Copies the whole log.
  ///
  /// @return how many files came
  /// @throws CommandException when the folder cannot be written, or the server sends something else
  public int take(ServerConnection auditor) {
    var pieces = auditor.audit().exportLog(ExportLogRequest.getDefaultInstance());
    try {
      Files.createDirectories(directory);
      return write(pieces);
    } catch (IOException e) {
      throw CommandException.unavailable(
          "cannot write the log to " + directory + ": " + e.getMessage(), e);
    }
  }

  private int write(Iterator<ExportLogResponse> pieces) throws IOException {
    int files = 0;
    boolean hasCheckpoint = false;
    var piece = pieces.hasNext() ? pieces.next() : null;
    while (piece != null) {
      var path = piece.getPath();
      var draft = target(path + DRAFT);
      Files.createDirectories(Objects.requireNonNull(draft.getParent()));
      try (OutputStream out = Files.newOutputStream(draft)) {
        while (piece != null && piece.getPath().equals(path)) {
          piece.getContent().writeTo(out);
          piece = pieces.hasNext() ? pieces.next() : null;
        }
      }
      files++;
      if (path.equals(TilePath.CHECKPOINT)) {
        hasCheckpoint = true;
      } else {
        publish(path);
      }
    }
    if (!hasCheckpoint) {
      throw CommandException.unavailable("the server's log has no checkpoint yet; try again");
    }
    publish(TilePath.CHECKPOINT);
    return files;
  }

  private void publish(String path) throws IOException {
    Files.move(
        target(path + DRAFT),
        target(path),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Path target(String path) {
    if (!PATH.matcher(path).matches()) {
      throw CommandException.unavailable(
          "the server sent a file that no log has, and nothing is written to it: " + path);
    }
    return directory.resolve(path);
  }
}
