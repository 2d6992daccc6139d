package dev.countersign.cli.audit;

import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A folder that comes to be as a whole or not at all: it is filled under another name beside it.
final class ReportFolder implements AutoCloseable {
  private final Path directory;
  private final Path draft;

  private ReportFolder(Path directory, Path draft) {
    this.directory = directory;
    this.draft = draft;
  }

  /// @param directory not there yet
  static ReportFolder begin(Path directory) {
    var whole = directory.toAbsolutePath().normalize();
    if (Files.exists(whole)) {
      throw CommandException.usage(
          "--out " + directory + " is there already: name a folder that is not");
    }
    var draft = whole.resolveSibling(Objects.requireNonNull(whole.getFileName()) + ".new");
    try {
      Files.createDirectories(Objects.requireNonNull(draft.getParent()));
      Files.createDirectory(draft);
    } catch (FileAlreadyExistsException e) {
      throw CommandException.unavailable(
          draft
              + " is there: another report is being made, or one was broken off; if so, remove it",
          e);
    } catch (IOException e) {
      throw cannotWrite(whole, e);
    }
    return new ReportFolder(whole, draft);
  }

  /// A folder for a while, whose content is for nobody else.
  static ReportFolder temporary() {
    try {
      var draft = Files.createTempDirectory("countersign-report");
      return new ReportFolder(draft, draft);
    } catch (IOException e) {
      throw CommandException.unavailable("cannot write temporary files: " + e, e);
    }
  }

  /// Where it is filled.
  Path draft() {
    return draft;
  }

  /// Gives it its name.
  void publish() {
    try {
      Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw cannotWrite(directory, e);
    }
  }

  private static CommandException cannotWrite(Path directory, IOException e) {
    return CommandException.unavailable("cannot write a report to " + directory + ": " + e, e);
  }

  /// Deletes what was not published.
  @Override
  public void close() {
    try {
      if (Files.exists(draft)) {
        Files.walkFileTree(draft, new Deletion());
      }
    } catch (IOException e) {
      throw CommandException.unavailable("cannot delete " + draft + ": " + e, e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
