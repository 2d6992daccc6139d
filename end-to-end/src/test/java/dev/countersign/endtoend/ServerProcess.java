package dev.countersign.endtoend;

import static java.util.stream.Collectors.joining;

import dev.countersign.testenv.process.OwnedProcess;
import dev.countersign.testenv.process.ProcessHome;
import dev.countersign.testenv.process.ProcessSpec;
import dev.countersign.testenv.process.Signal;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The server as a process of its own, which never outlives this JVM.
final class ServerProcess {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Path ARCHIVE = Path.of("target", "server.jsa").toAbsolutePath();
  private static final String MAIN = "dev.countersign.server.CountersignServer";

  private final OwnedProcess process;
  private final URI readiness;

  private ServerProcess(OwnedProcess process, URI readiness) {
    this.process = process;
    this.readiness = readiness;
  }

  /// @param name unlike that of every other process of the home
  static ServerProcess launch(
      String name,
      ProcessHome home,
      Path configuration,
      Map<String, String> environment,
      int httpPort) {
    var spec =
        new ProcessSpec(
            name,
            List.of(),
            Path.of(System.getProperty("java.home"), "bin", "java"),
            List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // The first that ends in peace leaves its classes to those that start later.
                "-Xshare:auto",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + ARCHIVE,
                "-Xlog:disable",
                // See hsm-adapters/README.md.
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED",
                "-cp",
                classPath(),
                MAIN,
                "--config",
                configuration.toString()),
            environment,
            home.directory(),
            Signal.TERM,
            Duration.ofSeconds(20));
    return new ServerProcess(
        home.launch(spec), URI.create("http://127.0.0.1:%d/health/readiness".formatted(httpPort)));
  }

  /// That of the tests without the tests: the server logs as it does in production.
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(joining(File.pathSeparator));
  }

  /// Returns when it says that it is ready.
  void awaitReady() {
    process.awaitReady(READY_WITHIN, this::saysReady);
  }

  private boolean saysReady() {
    try {
      var asked = HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(5)).build();
      return HTTP.send(asked, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // Nobody listens yet.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// With SIGKILL.
  void kill() {
    process.kill();
  }

  /// With SIGTERM, as an operator does.
  void stop() {
    process.stop();
  }
}
