package dev.countersign.cli.approval;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign approver`.
@Command(
    name = "approver",
    description = "What an approver has of their own: a key.",
    subcommands = NewKeyCommand.class)
public final class ApproverCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage("name what to do for an approver: new-key");
  }
}
