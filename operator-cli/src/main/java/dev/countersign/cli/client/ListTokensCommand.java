package dev.countersign.cli.client;

import dev.countersign.api.v1.ClientToken;
import dev.countersign.api.v1.ListClientTokensRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign client token list`.
@Command(name = "list", description = "Lists the bearer tokens that let in, the oldest first.")
public final class ListTokensCommand implements Runnable {
  /// The sandbox's client that these commands are for.
  static final String CLIENT = "operator";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("TOKEN", "CLIENT", "UNTIL");
    try (var server = connection.connect(CLIENT)) {
      server
          .admin()
          .listClientTokens(ListClientTokensRequest.getDefaultInstance())
          .getTokensList()
          .forEach(
              token ->
                  table.add(List.of(token.getId(), token.getClient(), expires(token).toString())));
    }
    table.print(spec.commandLine().getOut());
  }

  static Instant expires(ClientToken token) {
    return Instant.ofEpochSecond(token.getExpireTime().getSeconds());
  }
}
