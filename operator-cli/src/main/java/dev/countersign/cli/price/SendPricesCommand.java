package dev.countersign.cli.price;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.PriceResult;
import dev.countersign.api.v1.PublishPricesRequest;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.connection.ConnectionOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign price send`.
@Command(
    name = "send",
    description = {
      "Publishes prices that countersign price sign made. Exits with 1 when one of them is refused."
    })
final class SendPricesCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(
      paramLabel = "PRICE",
      arity = "1..*",
      description = "The files that a feed's key signed.")
  private List<Path> prices = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var request = PublishPricesRequest.newBuilder();
    prices.forEach(file -> request.addPrices(read(file)));
    PrintWriter words = spec.commandLine().getOut();
    try (var server = connection.connect(PriceCommand.CLIENT)) {
      List<PriceResult> results = server.prices().publishPrices(request.build()).getResultsList();
      boolean refused = false;
      for (int i = 0; i < results.size(); i++) {
        PriceResult result = results.get(i);
        words.println(prices.get(i) + ": " + words(result));
        refused |= result.getOutcome() == PriceResult.Outcome.OUTCOME_REFUSED;
      }
      words.flush();
      return refused ? ExitCode.NO : ExitCode.OK;
    }
  }

  private static String words(PriceResult result) {
    return switch (result.getOutcome()) {
      case OUTCOME_TAKEN -> "taken";
      case OUTCOME_NOT_NEWER -> "ignored: one that is as new or newer is there";
      case OUTCOME_REFUSED -> LogWords.lines("refused: " + result.getReason());
      case OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "answered in a way this release does not know";
    };
  }

  private static ByteString read(Path file) {
    try {
      return ByteString.copyFrom(Files.readAllBytes(file));
    } catch (IOException e) {
      throw CommandException.usage("%s cannot be read: %s".formatted(file, e));
    }
  }
}
