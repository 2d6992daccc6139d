package dev.countersign.cli.request;

import dev.countersign.api.v1.SignTypedDataRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  @Mixin private SubmissionOptions options = new SubmissionOptions();

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
      var shown = new ShownAnswer(spec.commandLine().getOut(), proofs);
      return switch (answer.getResultCase()) {
        case REQUEST -> shown.request(answer.getRequest(), answer.getAuditProofsList());
        case FORECAST -> shown.forecast(answer.getForecast());
        case RESULT_NOT_SET -> throw ShownAnswer.unknown();
      };
    }
  }

  private SignTypedDataRequest request() {
    return SignTypedDataRequest.newBuilder()
        .setRequestId(options.requestId())
        .setWallet(options.wallet())
        .setChain(options.chain())
        .setTypedData(json())
        .setValidateOnly(options.isValidateOnly())
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
