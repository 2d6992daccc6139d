package dev.countersign.cli.client;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign client`.
@Command(
    name = "client",
    description = "Manages what clients of a running server show to be let in.",
    subcommands = {TokenCommand.class})
public final class ClientCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage("name what to do: token");
  }
}
