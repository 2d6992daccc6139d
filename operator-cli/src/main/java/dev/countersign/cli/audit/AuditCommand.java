package dev.countersign.cli.audit;

import dev.countersign.cli.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign audit`.
@Command(
    name = "audit",
    description = "The audit log: search it, take a copy, verify it offline, report on it.",
    subcommands = {
      VerifyCommand.class,
      ExportCommand.class,
      ArchiveCommand.class,
      ProveCommand.class,
      SearchCommand.class,
      TailCommand.class,
      ReportCommand.class,
      VerifyReportCommand.class
    })
public final class AuditCommand implements Runnable {
  /// The sandbox's client that these commands are for.
  static final String CLIENT = "auditor";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage(
        "name what to do with the log: verify, export, archive, prove, search, tail, report or"
            + " verify-report");
  }
}
