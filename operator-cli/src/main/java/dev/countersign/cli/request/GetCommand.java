package dev.countersign.cli.request;

import dev.countersign.api.v1.GetSigningRequestRequest;
import dev.countersign.cli.connection.ConnectionOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign request get`.
@Command(name = "get", description = "Shows a request as it is now.")
public final class GetCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(
      paramLabel = "REQUEST",
      description = "The id that Countersign gave it (a UUID), or your own request id.")
  private String name = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var question = GetSigningRequestRequest.newBuilder();
    if (RequestKey.isServersId(name)) {
      question.setId(name);
    } else {
      question.setRequestId(name);
    }
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      var request = server.signing().getSigningRequest(question.build()).getRequest();
      RequestText.describe(request).forEach(spec.commandLine().getOut()::println);
      return RequestText.exitCode(request);
    }
  }
}
