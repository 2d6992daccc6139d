package dev.countersign.cli.price;

import dev.countersign.api.v1.ListPricesRequest;
import dev.countersign.api.v1.ListPricesResponse;
import dev.countersign.api.v1.Price;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.connection.ConnectionOptions;
import dev.countersign.cli.terminal.Table;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign price list`.
@Command(
    name = "list",
    description = "Lists the newest price of each feed, and whether it counts now.")
final class ListPricesCommand implements Runnable {
  private static final int PAGE = 1_000;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table = new Table("FEED", "ASSET", "PRICE", "AS OF", "COUNTS");
    try (var server = connection.connect(PriceCommand.CLIENT)) {
      String token = "";
      do {
        ListPricesResponse page =
            server
                .prices()
                .listPrices(
                    ListPricesRequest.newBuilder().setPageSize(PAGE).setPageToken(token).build());
        page.getPricesList().forEach(price -> table.add(row(price)));
        token = page.getNextPageToken();
      } while (!token.isEmpty());
    }
    table.print(spec.commandLine().getOut());
  }

  private static List<String> row(Price price) {
    return List.of(
        LogWords.lines(price.getFeed()),
        LogWords.lines(price.getAsset()),
        LogWords.lines(price.getPrice() + " " + price.getCurrency()),
        Instant.ofEpochSecond(price.getAsOfTime().getSeconds()).toString(),
        counts(price));
  }

  private static String counts(Price price) {
    if (!price.getAuthentic()) {
      return "no: not by a feed of the active policy";
    }
    return price.getFresh() ? "yes" : "no: too old";
  }
}
