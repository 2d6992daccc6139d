package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign policy`.
@Command(
    name = "policy",
    description = {
      "Policies: check one, run its tests, compare two, explain one request; found the first,"
          + " propose and approve the next; and what one says of a server's real requests."
    },
    subcommands = {
      LintCommand.class,
      TestCommand.class,
      DiffCommand.class,
      SimulateCommand.class,
      FoundCommand.class,
      ActivePolicyCommand.class,
      ProposePolicyCommand.class,
      ProposalsCommand.class,
      ShowPolicyCommand.class,
      ApprovePolicyCommand.class,
      RejectPolicyCommand.class,
      WithdrawPolicyCommand.class,
      ReplayCommand.class,
      ShadowCommand.class,
      CoverageCommand.class
    })
public final class PolicyCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage(
        "name what to do with policies: lint, test, diff, simulate, found, active, propose,"
            + " proposals, show, approve, reject, withdraw, replay, shadow, coverage");
  }
}
