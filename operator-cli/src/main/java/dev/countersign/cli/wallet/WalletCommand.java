package dev.countersign.cli.wallet;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign wallet`.
@Command(
    name = "wallet",
    description = "The wallets of a running server.",
    subcommands = WalletListCommand.class)
public final class WalletCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage("name what to do with wallets: list");
  }
}
