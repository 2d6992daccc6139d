package dev.countersign.cli.chain;

import dev.countersign.cli.terminal.Table;
import dev.countersign.nonce.chain.ChainDefinition;
import dev.countersign.nonce.chain.FinalityTag;
import dev.countersign.nonce.chain.ShippedChains;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign chain list`.
@Command(
    name = "list",
    description = {
      "Lists the chains whose definitions come with Countersign: a file of yours for one of them"
          + " needs its id and the endpoints of its nodes, and may say anything else to have it"
          + " otherwise."
    })
public final class ListChainsCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    var table =
        new Table(
            "CHAIN", "NAME", "NATIVE ASSET", "FEES", "BLOCKS", "FINALITY", "CONFIRMATIONS", "");
    ShippedChains.all().forEach(chain -> table.add(row(chain)));
    table.print(spec.commandLine().getOut());
  }

  private static List<String> row(ChainDefinition chain) {
    return List.of(
        chain.id().caip2(),
        chain.name(),
        chain.nativeSymbol() + " " + chain.nativeAsset(),
        chain.feeModel().text(),
        chain.facts().blockTime().toMillis() + " ms",
        chain.facts().finality().isEmpty()
            ? "-"
            : chain.facts().finality().stream()
                .map(FinalityTag::text)
                .collect(Collectors.joining(", ")),
        chain.confirmations() + chain.finality().tag().map(tag -> ", " + tag.text()).orElse(""),
        chain.facts().testNetwork() ? "test network" : "");
  }
}
