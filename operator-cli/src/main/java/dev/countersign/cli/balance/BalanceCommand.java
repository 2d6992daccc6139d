package dev.countersign.cli.balance;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign balance`.
@Command(
    name = "balance",
    description = "What the wallets of a running server have.",
    subcommands = {BalanceListCommand.class, BalanceChangesCommand.class})
public final class BalanceCommand implements Runnable {
  /// Whose credentials the sandbox gives unless others are named.
  static final String CLIENT = "custodian";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage("name what to do with balances: list or changes");
  }
}
