package dev.countersign.cli.client;

import dev.countersign.api.v1.RevokeClientTokenRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign client token revoke`.
@Command(name = "revoke", description = "Takes a bearer token back: from now on it lets nobody in.")
public final class RevokeTokenCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(paramLabel = "ID", description = "The token's id, as issue and list show it.")
  private String id = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    try (var server = connection.connect(ListTokensCommand.CLIENT)) {
      var revoked =
          server
              .admin()
              .revokeClientToken(RevokeClientTokenRequest.newBuilder().setId(id).build())
              .getToken();
      spec.commandLine()
          .getOut()
          .println("revoked token %s of %s".formatted(revoked.getId(), revoked.getClient()));
    }
  }
}
