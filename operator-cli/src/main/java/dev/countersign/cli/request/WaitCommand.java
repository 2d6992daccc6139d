package dev.countersign.cli.request;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.WaitSigningRequestRequest;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.connection.ConnectionOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign request wait`.
@Command(
    name = "wait",
    description = "Waits until a request has reached a state, or has ended in another way.")
public final class WaitCommand implements Callable<Integer> {
  private static final Duration ANSWER_TIME = Duration.ofSeconds(15);

  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private KeptProofs proofs = new KeptProofs();

  @Parameters(
      paramLabel = "REQUEST",
      description = "The id that Countersign gave it (a UUID), or your own request id.")
  private String name = "";

  @Option(
      names = "--until",
      description = "signed, broadcast or confirmed. Default: its end, whichever that is")
  private Until until = Until.END;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait at most, 0 to 300. Default: ${DEFAULT-VALUE}")
  private int timeout;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  /// What to wait for.
  enum Until {
    SIGNED(SigningRequest.State.STATE_SIGNED),
    BROADCAST(SigningRequest.State.STATE_BROADCAST),
    CONFIRMED(SigningRequest.State.STATE_CONFIRMED),
    END(SigningRequest.State.STATE_UNSPECIFIED);

    private final SigningRequest.State state;

    Until(SigningRequest.State state) {
      this.state = state;
    }
  }

  @Override
  public Integer call() {
    var question =
        WaitSigningRequestRequest.newBuilder()
            .setUntil(until.state)
            .setWithProof(proofs.wanted())
            .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(timeout));
    if (RequestKey.isServersId(name)) {
      question.setId(name);
    } else {
      question.setRequestId(name);
    }
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      var answer =
          server
              .signing(Duration.ofSeconds(timeout).plus(ANSWER_TIME))
              .waitSigningRequest(question.build());
      var out = spec.commandLine().getOut();
      RequestText.describe(answer.getRequest()).forEach(out::println);
      proofs.write(answer.getAuditProofsList(), out);
      if (answer.getTimedOut()) {
        spec.commandLine().getErr().println("countersign: not there yet after " + timeout + " s");
        return ExitCode.UNAVAILABLE;
      }
      return RequestText.exitCode(answer.getRequest());
    }
  }
}
