package dev.countersign.cli.request;

import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ConnectionOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign request speed-up`.
@Command(
    name = "speed-up",
    description = {
      "Offers a higher fee for a request that is signed and not mined: what the chain asks for now,"
          + " or the fees given, at least a tenth more than before."
    })
public final class SpeedUpCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(
      paramLabel = "REQUEST",
      description = "The id that Countersign gave it (a UUID), or your own request id.")
  private String name = "";

  @Option(
      names = "--max-fee",
      converter = Amount.Converter.class,
      paramLabel = "AMOUNT",
      description = "The most to offer per unit of gas, such as 40gwei. With --priority-fee.")
  private @Nullable Amount maxFee;

  @Option(
      names = "--priority-fee",
      converter = Amount.Converter.class,
      paramLabel = "AMOUNT",
      description = "The tip to offer per unit of gas, such as 2gwei. With --max-fee.")
  private @Nullable Amount priorityFee;

  @Option(
      names = "--replaces",
      paramLabel = "HASH",
      description = {
        "The hash of the transaction to replace: asked again, nothing is signed twice. Default: the"
            + " newest"
      })
  private @Nullable String replaces;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    if ((maxFee == null) != (priorityFee == null)) {
      throw CommandException.usage("give both of --max-fee and --priority-fee, or none");
    }
    var question = SpeedUpSigningRequestRequest.newBuilder();
    if (RequestKey.isServersId(name)) {
      question.setId(name);
    } else {
      question.setRequestId(name);
    }
    if (maxFee != null && priorityFee != null) {
      question
          .setMaxFeePerGas(maxFee.value().toString())
          .setMaxPriorityFeePerGas(priorityFee.value().toString());
    }
    if (replaces != null) {
      question.setReplaces(replaces);
    }
    try (var server = connection.connect(RequestCommand.CLIENT)) {
      var request = server.signing().speedUpSigningRequest(question.build()).getRequest();
      RequestText.describe(request).forEach(spec.commandLine().getOut()::println);
      return RequestText.exitCode(request);
    }
  }
}
