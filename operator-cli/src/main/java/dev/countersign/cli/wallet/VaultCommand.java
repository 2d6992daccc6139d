package dev.countersign.cli.wallet;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign vault`.
@Command(
    name = "vault",
    description = "The vaults of a running server.",
    subcommands = VaultListCommand.class)
public final class VaultCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage("name what to do with vaults: list");
  }
}
