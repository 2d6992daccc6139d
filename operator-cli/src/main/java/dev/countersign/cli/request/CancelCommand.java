package dev.countersign.cli.request;

import dev.countersign.api.v1.CancelSigningRequestRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.connection.ConnectionOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign request cancel`.
@Command(
    name = "cancel",
    description = {
      "Stops a request: withdraws it while it waits for approval or for its time lock; once it is"
          + " signed, sends a cancellation on its nonce, which may win or not: 'request wait'"
          + " tells."
    })
public final class CancelCommand implements Callable<Integer> {
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
    var question = CancelSigningRequestRequest.newBuilder();
    if (RequestKey.isServersId(name)) {
      question.setId(name);
    } else {
      question.setRequestId(name);
    }
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      var request = server.signing().cancelSigningRequest(question.build()).getRequest();
      RequestText.describe(request).forEach(spec.commandLine().getOut()::println);
      // Withdrawn is what was asked for.
      return request.getState() == SigningRequest.State.STATE_CANCELLED
          ? ExitCode.OK
          : RequestText.exitCode(request);
    }
  }
}
