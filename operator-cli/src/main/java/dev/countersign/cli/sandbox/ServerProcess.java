package dev.countersign.cli.sandbox;

import dev.countersign.api.v1.GetServerInfoRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.testenv.process.OwnedProcess;
import dev.countersign.testenv.process.ProcessHome;
import dev.countersign.testenv.process.ProcessSpec;
import dev.countersign.testenv.process.Signal;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The server as a process of its own, which ends with this one, however that ends. Its log, JSON
/// lines, is `logs/server.log` of the home.
final class ServerProcess {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

  private final OwnedProcess process;
  private final int port;

  private ServerProcess(OwnedProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts it; see [#awaitReady].
  static ServerProcess start(
      ProcessHome home, SandboxFolder folder, SoftHsmToken token, int grpcPort) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var target = target();
    var jar = jar(target);
    var arguments =
        List.of(
            // The sandbox shares its machine with whoever tries it.
            "-Xmx512m",
            "-XX:+UseSerialGC",
            // It comes up faster when it has been up before.
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + sharedArchive(target, jar),
            "-Xlog:disable",
            // PKCS#11: hsm-adapters/README.md says why.
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED",
            "-cp",
            jar + ":" + target.resolve("lib") + "/*",
            "dev.countersign.server.CountersignServer",
            "--config",
            folder.serverFile().toString());
    var spec =
        new ProcessSpec(
            "server",
            List.of(),
            java,
            arguments,
            token.environment(),
            folder.home(),
            Signal.TERM,
            STOPS_WITHIN);
    return new ServerProcess(home.launch(spec), grpcPort);
  }

  /// Where the build leaves the server: its jar, and what it needs in `lib`.
  private static Path target() {
    var root = System.getProperty("countersign.root", "");
    if (root.isEmpty()) {
      throw CommandException.unavailable(
          "the sandbox needs the server's program: run it with ./countersign");
    }
    return Path.of(root, "signer-server", "target");
  }

  private static Path jar(Path target) {
    try (var jars = Files.newDirectoryStream(target, "signer-server-*.jar")) {
      for (Path jar : jars) {
        if (!jar.toString().matches(".*-(tests|sources|javadoc)\\.jar")) {
          return jar;
        }
      }
    } catch (IOException e) {
      throw CommandException.unavailable("no server in " + target + ": run ./countersign", e);
    }
    throw CommandException.unavailable("no server in " + target + ": run ./countersign");
  }

  /// The JVM's archive of classes, without one that no longer fits: the JVM would not replace it,
  /// and go without.
  private static Path sharedArchive(Path target, Path jar) {
    var archive = target.resolve("sandbox-server.jsa");
    try {
      if (Files.exists(archive)
          && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        Files.delete(archive);
      }
    } catch (IOException e) {
      throw CommandException.unavailable(archive + " cannot be renewed: " + e, e);
    }
    return archive;
  }

  /// Returns when it answers its operator.
  ///
  /// @throws dev.countersign.testenv.TestEnvironmentException when it ends or takes too long, with
  /// the end of its log
  void awaitReady(ServerConnection operator) {
    process.awaitReady(READY_WITHIN, () -> listens() && answers(operator));
  }

  // Asking gRPC before somebody listens would make it wait a second before it tries again.
  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean answers(ServerConnection operator) {
    try {
      operator.admin().getServerInfo(GetServerInfoRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> false;
        default -> throw e;
      };
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  Path log() {
    return process.log();
  }

  void stop() {
    process.stop();
  }
}
