package dev.countersign.cli.client;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign client token`.
@Command(
    name = "token",
    description = "Issues and revokes bearer tokens, which clients show to JSON-RPC.",
    subcommands = {IssueTokenCommand.class, RevokeTokenCommand.class, ListTokensCommand.class})
public final class TokenCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage("name what to do: issue, revoke or list");
  }
}
