package dev.countersign.cli.price;

import picocli.CommandLine.Command;

/// `countersign price`.
@Command(
    name = "price",
    description = {
      "What assets are worth, for policies with amounts of currencies.",
      "Which feeds count, and by which keys, is in the policy, under prices."
    },
    subcommands = {SignPriceCommand.class, SendPricesCommand.class, ListPricesCommand.class})
public final class PriceCommand {
  /// The sandbox's client that these commands are for.
  static final String CLIENT = "price-feed";
}
