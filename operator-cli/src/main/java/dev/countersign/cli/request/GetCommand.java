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
  @Mixin private KeptProofs proofs = new KeptProofs();

  @Parameters(
      paramLabel = "REQUEST",
      description = "The id that Countersign gave it (a UUID), or your own request id.")
  private String name = "";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var question = GetSigningRequestRequest.newBuilder().setWithProof(proofs.wanted());
    if (RequestKey.isServersId(name)) {
      question.setId(name);
    } else {
      question.setRequestId(name);
    }
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      var answer = server.signing().getSigningRequest(question.build());
      var request = answer.getRequest();
      var out = spec.commandLine().getOut();
      RequestText.describe(request).forEach(out::println);
      proofs.write(answer.getAuditProofsList(), out);
      return RequestText.exitCode(request);
    }
  }
}
