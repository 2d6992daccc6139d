package dev.countersign.cli.chain;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign chain`.
@Command(
    name = "chain",
    description = "Chains: list those that are known, check a definition against its nodes.",
    subcommands = {CheckChainCommand.class, ListChainsCommand.class})
public final class ChainCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage("name what to do with chains: check, list");
  }
}
