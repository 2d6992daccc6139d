package dev.countersign.testenv.softhsm;

import dev.countersign.testenv.TestEnvironmentException;
import dev.countersign.testenv.process.OwnedProcess;
import dev.countersign.testenv.process.ProcessHome;
import dev.countersign.testenv.process.ProcessSpec;
import dev.countersign.testenv.process.Signal;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A SoftHSM token behind `p11-kit server`, as a token in the network is behind its vendor's
/// server: the module in this process only passes calls on, over a socket, and the server can go
/// away and come back while the token keeps its keys.
///
/// The module keeps a connection, with logins of its own, for each caller of `C_GetFunctionList`.
/// It finds the server by `P11_KIT_SERVER_ADDRESS`: another process is started with [#environment],
/// this one calls [#useInThisProcess] first.
public final class RemoteToken {
  private static final String ADDRESS_VARIABLE = "P11_KIT_SERVER_ADDRESS";
  private static final Duration READY_WITHIN = Duration.ofSeconds(20);

  /// Linux: 108 bytes with the zero at the end.
  private static final int LONGEST_SOCKET_PATH = 107;

  private final ProcessHome home;
  private final P11KitInstallation installation;
  private final SoftHsmToken token;
  private final Path socket;
  private OwnedProcess server;

  private RemoteToken(
      ProcessHome home, P11KitInstallation installation, SoftHsmToken token, Path socket) {
    this.home = home;
    this.installation = installation;
    this.token = token;
    this.socket = socket;
    this.server = launch();
  }

  /// Starts the server. It stops with the home.
  ///
  /// @param token what it serves, and all it serves
  /// @throws TestEnvironmentException when it does not get ready, with what it said
  public static RemoteToken start(
      ProcessHome home, P11KitInstallation installation, SoftHsmToken token) {
    var socket = home.directory().resolve("p11-kit.socket");
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
      throw new TestEnvironmentException(
          "the socket %s: expected a path of at most %d bytes; set COUNTERSIGN_CACHE to a shorter one"
              .formatted(socket, LONGEST_SOCKET_PATH));
    }
    return new RemoteToken(home, installation, token, socket);
  }

  /// {@return the PKCS#11 module that passes calls on, an absolute path}
  public Path module() {
    return installation.client();
  }

  /// {@return the token's label}
  public String label() {
    return token.label();
  }

  /// {@return the file with the user PIN, readable by its owner alone, no line end}
  public Path pinFile() {
    return token.pinFile();
  }

  /// {@return the variables a process that uses the token needs}
  public Map<String, String> environment() {
    return Map.of(ADDRESS_VARIABLE, "unix:path=" + socket);
  }

  /// Makes this JVM find the server. Call it before anything here loads the module.
  ///
  /// @throws TestEnvironmentException when this JVM already uses another server
  public void useInThisProcess() {
    environment().forEach(ProcessEnvironment::setOnce);
  }

  /// Starts the server again, and returns when it takes connections; does nothing while it runs.
  public synchronized void start() {
    if (!server.isAlive()) {
      server = launch();
    }
  }

  /// Kills the server, and the processes it has for its connections, with SIGKILL. The connections
  /// break within a moment.
  public synchronized void kill() {
    server.killTree();
  }

  private OwnedProcess launch() {
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new TestEnvironmentException("cannot delete the socket of an earlier server", e);
    }
    Map<String, String> environment = new HashMap<>(installation.environment());
    environment.putAll(token.environment());
    var started =
        home.launch(
            new ProcessSpec(
                "p11-kit",
                List.of(),
                installation.server(),
                List.of(
                    "--foreground",
                    "--name",
                    socket.toString(),
                    "--provider",
                    token.module().toString(),
                    "pkcs11:token=" + token.label()),
                environment,
                home.directory(),
                Signal.TERM,
                Duration.ofSeconds(5)));
    started.awaitReady(READY_WITHIN, this::takesConnections);
    return started;
  }

  private boolean takesConnections() {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
