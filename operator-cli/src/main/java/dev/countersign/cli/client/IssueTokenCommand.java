package dev.countersign.cli.client;

import com.google.protobuf.Timestamp;
import dev.countersign.api.v1.IssueClientTokenRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `countersign client token issue`.
@Command(
    name = "issue",
    description = {
      "Makes a bearer token for a registered client, and prints its secret on standard output, this"
          + " once. What it is called goes to standard error."
    })
public final class IssueTokenCommand implements Runnable {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--client", required = true, description = "The name of the registered client.")
  private String client = "";

  @Option(
      names = "--days",
      defaultValue = "30",
      description = "How long it lets in, 1 to 366. Default: ${DEFAULT-VALUE}")
  private int days;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    Instant expires = Instant.now().plus(Duration.ofDays(days));
    try (var server = connection.connect(ListTokensCommand.CLIENT)) {
      var issued =
          server
              .admin()
              .issueClientToken(
                  IssueClientTokenRequest.newBuilder()
                      .setClient(client)
                      .setExpireTime(Timestamp.newBuilder().setSeconds(expires.getEpochSecond()))
                      .build());
      spec.commandLine()
          .getErr()
          .println(
              "token %s of %s, until %s"
                  .formatted(
                      issued.getToken().getId(),
                      issued.getToken().getClient(),
                      ListTokensCommand.expires(issued.getToken())));
      spec.commandLine().getOut().println(issued.getSecret());
    }
  }
}
