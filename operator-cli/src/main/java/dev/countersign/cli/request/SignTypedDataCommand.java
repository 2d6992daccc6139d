package dev.countersign.cli.request;

import dev.countersign.api.v1.SignTypedDataRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign request sign-typed-data`.
@Command(
    name = "sign-typed-data",
    description =
        "Asks for typed data to be judged and signed, as eth_signTypedData_v4 does (EIP-712).")
public final class SignTypedDataCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private KeptProofs proofs = new KeptProofs();

  @Option(names = "--wallet", required = true, description = "The id of the wallet that signs.")
  private String wallet = "";

  @Option(
      names = "--chain",
      defaultValue = "eip155:31337",
      description =
          "The chain whose rules judge it, as a CAIP-2 id. Default: ${DEFAULT-VALUE}, the"
              + " sandbox's")
  private String chain = "";

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description = {
        "Your own name for the request: asked again with the same name, nothing is signed twice."
            + " Default: a new one"
      })
  private @Nullable String requestId;

  @Option(names = "--validate-only", description = "A dry run: say what policy would say now.")
  private boolean validateOnly;

  @Parameters(paramLabel = "FILE", description = "The typed data, in JSON.")
  private Path file = Path.of("");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var request = request();
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      var answer = server.signing().signTypedData(request);
      var shown = new ShownAnswer(spec.commandLine().getOut());
      return switch (answer.getResultCase()) {
        case REQUEST -> {
          shown.request(answer.getRequest());
          proofs.write(answer.getAuditProofsList(), spec.commandLine().getOut());
          yield RequestText.exitCode(answer.getRequest());
        }
        case FORECAST -> shown.forecast(answer.getForecast());
        case RESULT_NOT_SET ->
            throw CommandException.unavailable(
                "the server's answer is none that this version knows");
      };
    }
  }

  private SignTypedDataRequest request() {
    return SignTypedDataRequest.newBuilder()
        .setRequestId(requestId == null ? "cli-" + UUID.randomUUID() : requestId)
        .setWallet(wallet)
        .setChain(chain)
        .setTypedData(json())
        .setValidateOnly(validateOnly)
        .setWithProof(proofs.wanted())
        .build();
  }

  private String json() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandException.usage(file + " cannot be read: " + e.getMessage());
    }
  }
}
