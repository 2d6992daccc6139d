package dev.countersign.server;

import dev.countersign.server.config.RunningServer;
import dev.countersign.server.config.StartException;
import dev.countersign.server.settings.Settings;
import dev.countersign.server.settings.SettingsException;
import dev.countersign.server.settings.SettingsFile;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's process: `--config FILE`, or COUNTERSIGN_CONFIG in the environment. Ends with 1
/// when it cannot start, and then its last log line says why; with 0 after SIGTERM or SIGINT.
public final class CountersignServer {
  private static final Logger LOG = LoggerFactory.getLogger(CountersignServer.class);
  private static final String VARIABLE = "COUNTERSIGN_CONFIG";

  private CountersignServer() {}

  public static void main(String[] arguments) throws InterruptedException {
    Optional<Path> file = configuration(arguments);
    if (file.isEmpty()) {
      LOG.error("no configuration: start it with --config FILE, or set {}", VARIABLE);
      System.exit(1);
      return;
    }
    try {
      Settings settings = SettingsFile.read(file.get());
      RunningServer server = RunningServer.start(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
      server.awaitStop();
    } catch (SettingsException | StartException e) {
      LOG.error("cannot start: {}", e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      LOG.error("cannot start", e);
      System.exit(1);
    }
  }

  private static Optional<Path> configuration(String[] arguments) {
    if (arguments.length == 2 && arguments[0].equals("--config")) {
      return Optional.of(Path.of(arguments[1]));
    }
    return arguments.length == 0
        ? Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of)
        : Optional.empty();
  }
}
