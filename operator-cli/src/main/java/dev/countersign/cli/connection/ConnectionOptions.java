package dev.countersign.cli.connection;

import dev.countersign.cli.CommandException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which server, and as whom. Without any, the sandbox in the current folder.
public final class ConnectionOptions {
  private static final String DEFAULT_HOME = ".countersign/sandbox";

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = DEFAULT_HOME,
      description = "The home of the sandbox to use. Default: ${DEFAULT-VALUE}")
  private Path home = Path.of(DEFAULT_HOME);

  @Option(
      names = "--as",
      paramLabel = "CLIENT",
      description = "The sandbox's client to be. Default: the one this command is for.")
  private @Nullable String client;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "A server that is not a sandbox; needs --ca, --cert and --key.")
  private @Nullable String target;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "The authority that issued the server's certificate, PEM.")
  private @Nullable Path authority;

  @Option(names = "--cert", paramLabel = "FILE", description = "Your certificate, PEM.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "Its key, PEM (PKCS#8).")
  private @Nullable Path key;

  /// Connects as asked.
  ///
  /// @param usualClient the sandbox's client that may do what the command does
  public ServerConnection connect(String usualClient) {
    return ServerConnection.open(address(usualClient));
  }

  ServerAddress address(String usualClient) {
    if (target == null && authority == null && certificate == null && key == null) {
      return ofSandbox(Objects.requireNonNullElse(client, usualClient));
    }
    if (client != null) {
      throw CommandException.usage("--as names a client of a sandbox; leave it out with --server");
    }
    if (target == null || authority == null || certificate == null || key == null) {
      throw CommandException.usage(
          "a server that is not a sandbox needs all of --server, --ca, --cert and --key");
    }
    return new ServerAddress(target, authority, certificate, key);
  }

  private ServerAddress ofSandbox(String name) {
    var sandbox = SandboxDescription.read(home);
    var grpc = sandbox.grpc();
    var clients = sandbox.clients();
    if (!sandbox.ready() || grpc == null || clients == null) {
      throw CommandException.unavailable(
          "the sandbox in "
              + sandbox.home()
              + " is not up: start it with ./countersign sandbox, or wait until it is ready");
    }
    var found = clients.stream().filter(one -> one.name().equals(name)).findFirst();
    return found
        .map(
            one ->
                new ServerAddress(
                    grpc.target(), Path.of(grpc.ca()), Path.of(one.cert()), Path.of(one.key())))
        .orElseThrow(() -> noSuchClient(name, clients));
  }

  private static CommandException noSuchClient(
      String name, List<SandboxDescription.Client> clients) {
    return CommandException.usage(
        "the sandbox has no client "
            + name
            + "; it has "
            + clients.stream()
                .map(SandboxDescription.Client::name)
                .collect(Collectors.joining(", ")));
  }
}
