package dev.countersign.cli.lane;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign lane`.
@Command(
    name = "lane",
    description = "The nonces of each wallet on each chain, and what pauses them.",
    subcommands = {ListLanesCommand.class, ResumeLaneCommand.class})
public final class LaneCommand implements Runnable {
  /// Whose credentials the sandbox gives unless others are named.
  static final String CLIENT = "operator";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage("name what to do with lanes: list or resume");
  }
}
