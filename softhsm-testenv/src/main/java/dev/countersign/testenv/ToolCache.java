package dev.countersign.testenv;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/// Unpacked tools, shared by every run of this user: PostgreSQL's programs, SoftHSM, the chain
/// node.
///
/// An entry is complete or absent: it is filled beside its place and moved there. Any number of
/// processes may ask for the same entry at once; one fills it, the others wait.
public final class ToolCache {
  private static final Object ONE_FILLER_IN_THIS_PROCESS = new Object();

  private final Path root;

  /// @param root where the entries live; created when missing
  public ToolCache(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /// The user's cache: `$COUNTERSIGN_CACHE`, else `$XDG_CACHE_HOME/countersign`, else
  /// `~/.cache/countersign`.
  public static ToolCache ofUser() {
    return new ToolCache(userRoot(System.getenv(), System.getProperty("user.home")));
  }

  static Path userRoot(Map<String, String> environment, String userHome) {
    var ours = environment.getOrDefault("COUNTERSIGN_CACHE", "");
    if (!ours.isBlank()) {
      return Path.of(ours);
    }
    var xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (xdg.isBlank() ? Path.of(userHome, ".cache") : Path.of(xdg)).resolve("countersign");
  }

  /// {@return the directory that holds the entries}
  public Path root() {
    return root;
  }

  /// Puts the content of an entry into an empty directory.
  @FunctionalInterface
  public interface Filler {
    /// Fills it.
    ///
    /// @param directory exists and is empty; what is in it when this returns is the entry
    void fill(Path directory) throws IOException;
  }

  /// Returns the entry of this name, filling it when it is missing.
  ///
  /// @param name a directory name that changes when the wanted content does (a version or a hash
  ///     in it)
  /// @param step what filling does, for the one who waits
  public Path obtain(String name, String step, Progress progress, Filler filler) {
    var entry = root.resolve(name);
    if (Files.isDirectory(entry)) {
      return entry;
    }
    synchronized (ONE_FILLER_IN_THIS_PROCESS) {
      try {
        OwnerOnly.directory(root);
        try (var lock =
                FileChannel.open(
                    root.resolve(name + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            var held = lock.lock()) {
          if (held.isValid() && !Files.isDirectory(entry)) {
            progress.starting(step);
            fill(entry, filler);
          }
        }
      } catch (IOException e) {
        throw new TestEnvironmentException(
            step
                + " failed in "
                + root
                + ": "
                + e.getMessage()
                + "\n  The directory must be writable and have about 200 MB free;"
                + " COUNTERSIGN_CACHE names another one.",
            e);
      }
    }
    return entry;
  }

  private static void fill(Path entry, Filler filler) throws IOException {
    var beside = entry.resolveSibling(entry.getFileName() + ".part");
    FileTrees.delete(beside);
    OwnerOnly.directory(beside);
    filler.fill(beside);
    Files.move(beside, entry, StandardCopyOption.ATOMIC_MOVE);
  }
}
