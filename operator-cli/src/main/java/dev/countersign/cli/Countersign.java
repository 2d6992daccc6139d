package dev.countersign.cli;

import dev.countersign.cli.approval.ApprovalsCommand;
import dev.countersign.cli.approval.ApproveCommand;
import dev.countersign.cli.approval.ApproverCommand;
import dev.countersign.cli.approval.RejectCommand;
import dev.countersign.cli.audit.AuditCommand;
import dev.countersign.cli.balance.BalanceCommand;
import dev.countersign.cli.chain.ChainCommand;
import dev.countersign.cli.client.ClientCommand;
import dev.countersign.cli.freeze.FreezeCommand;
import dev.countersign.cli.freeze.FreezesCommand;
import dev.countersign.cli.freeze.ThawCommand;
import dev.countersign.cli.lane.LaneCommand;
import dev.countersign.cli.policy.PolicyCommand;
import dev.countersign.cli.price.PriceCommand;
import dev.countersign.cli.request.RequestCommand;
import dev.countersign.cli.sandbox.SandboxCommand;
import dev.countersign.cli.wallet.VaultCommand;
import dev.countersign.cli.wallet.WalletCommand;
import dev.countersign.cli.witness.WitnessCommand;
import dev.countersign.testenv.TestEnvironmentCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program's entry. Without a command it prints its help.
@Command(
    name = "countersign",
    description = "Self-hosted custodial wallet and signing service: the operator's commands.",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    scope = CommandLine.ScopeType.INHERIT,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and the answer is yes",
      "1:the answer is no: denied, failed, not verified, refused",
      "2:the command line is wrong",
      "3:no answer: no server, a missing tool, an unreadable file",
      "70:a bug in countersign"
    },
    subcommands = {
      SandboxCommand.class,
      RequestCommand.class,
      ApprovalsCommand.class,
      ApproveCommand.class,
      RejectCommand.class,
      ApproverCommand.class,
      WalletCommand.class,
      VaultCommand.class,
      BalanceCommand.class,
      ClientCommand.class,
      LaneCommand.class,
      FreezeCommand.class,
      FreezesCommand.class,
      ThawCommand.class,
      PolicyCommand.class,
      PriceCommand.class,
      ChainCommand.class,
      AuditCommand.class,
      WitnessCommand.class,
      TestEnvironmentCommand.class,
      VersionCommand.class,
      HelpCommand.class
    })
public final class Countersign implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  private Countersign() {}

  /// Runs a command and ends the JVM with its exit code.
  public static void main(String[] arguments) {
    // What libraries log is not for the person at the terminal.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.exit(commandLine().execute(arguments));
  }

  /// {@return the program with its commands, ready to execute}
  public static CommandLine commandLine() {
    return new CommandLine(new Countersign())
        .setExecutionExceptionHandler(new Failures())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpAutoWidth(true);
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().usage(err);
    throw new ParameterException(spec.commandLine(), "name a command");
  }
}
