package dev.countersign.cli.sandbox;

import dev.countersign.cli.connection.SandboxDescription;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Keeps `sandbox.json` true: it says that the sandbox is ready from when it is until it stops or
/// this JVM ends. (Nobody can take it back after `kill -9`; the next run does.) Safe for use by
/// several threads.
final class Announcement {
  private final Path home;
  private @Nullable SandboxDescription current;
  private boolean ended;

  Announcement(Path home) {
    this.home = home;
    Runtime.getRuntime().addShutdownHook(new Thread(this::withdraw, "sandbox-announcement"));
  }

  /// Says this from now on, unless it has ended.
  synchronized void publish(SandboxDescription description) throws IOException {
    if (!ended) {
      description.write(home);
      current = description;
    }
  }

  /// Says that it is not ready, for good.
  synchronized void withdraw() {
    ended = true;
    if (current == null || !current.ready()) {
      return;
    }
    try {
      current.stopped().write(home);
    } catch (IOException e) {
      System.err.println("countersign: cannot update " + home + ": " + e.getMessage());
    }
    current = null;
  }
}
