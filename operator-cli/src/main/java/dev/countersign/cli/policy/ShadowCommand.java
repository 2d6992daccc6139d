package dev.countersign.cli.policy;

import dev.countersign.api.v1.Shadow;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.audit.LogWords;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `countersign policy shadow`.
@Command(
    name = "shadow",
    description = {
      "Has a draft judge what is really asked beside the active policy, and says where they differ."
          + " It decides nothing."
    },
    subcommands = {ShadowStartCommand.class, ShadowStopCommand.class, ShadowReportCommand.class})
public final class ShadowCommand implements Runnable {
  /// The sandbox's client that looks after the service.
  static final String CLIENT = "operator";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw CommandException.usage(
        "name what to do with a draft in shadow mode: start, stop, report");
  }

  static List<String> lines(Shadow shadow) {
    var lines = new ArrayList<String>();
    lines.add(
        "shadow %s, draft %s, started %s by %s"
            .formatted(
                shadow.getId(),
                shadow.getPolicyHash(),
                ReplayText.time(shadow.getStartTime()),
                shadow.getStartedBy()));
    lines.add(
        (shadow.hasStopTime() ? "stopped " + ReplayText.time(shadow.getStopTime()) : "on")
            + (shadow.hasFollowTime()
                ? ", has come to " + ReplayText.time(shadow.getFollowTime())
                : ", has looked at nothing yet"));
    if (!shadow.getProblem().isEmpty()) {
      lines.add("does not go on: " + shadow.getProblem());
    }
    if (shadow.hasSummary()) {
      lines.addAll(ReplayText.lines(shadow.getSummary()));
    }
    return lines.stream().map(LogWords::lines).toList();
  }
}
