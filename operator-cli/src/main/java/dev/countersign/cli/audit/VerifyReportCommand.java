package dev.countersign.cli.audit;

import dev.countersign.audit.report.ReportCheck;
import dev.countersign.audit.report.ReportCheck.Verdict;
import dev.countersign.audit.report.ReportDifference;
import dev.countersign.audit.report.ReportDraft;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogSource.Pinned;
import dev.countersign.cli.terminal.Steps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign audit verify-report`.
@Command(
    name = "verify-report",
    description = {
      "Verifies a report that somebody gave you: that every byte of it is what its maker signed,"
          + " and, with --log, that every byte of it is what the log makes, whoever signed it."
    })
public final class VerifyReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The folder with the report.")
  private Path directory = Path.of("");

  @Mixin private PinnedOptions trusted = new PinnedOptions();
  @Mixin private TablesOptions tables = new TablesOptions();

  @Option(
      names = "--report-key",
      required = true,
      paramLabel = "KEY",
      description = {
        "The key of who answers for the report as you were given it, name+id+base64, or a file with"
            + " it."
      })
  private String reportKey = "";

  @Option(
      names = "--log",
      paramLabel = "DIR|URL",
      description = {
        "The log: a folder with an export, https://..., or jdbc:postgresql://... It is verified,"
            + " and the report is made from it again and compared. It may have grown since."
      })
  private Optional<String> log = Optional.empty();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var pinned = trusted.read();
    var maker = PinnedKey.read("--report-key", reportKey);
    if (!Files.isDirectory(directory)) {
      throw CommandException.unavailable(directory + " is not a folder with a report");
    }
    var source = log.map(target -> LogCheck.of(target, tables));
    var check = new ReportCheck(maker, pinned.keys(), pinned.policy());
    return LogCheck.orUnavailable(() -> verify(check, pinned, source));
  }

  private int verify(ReportCheck check, Pinned pinned, Optional<LogCheck> source) {
    return switch (check.check(directory)) {
      case Verdict.NotSigned(List<String> reasons) -> {
        refuse(reasons);
        yield ExitCode.NO;
      }
      case Verdict.Signed signed -> {
        var manifest = signed.manifest();
        say(
            "report of %s until before %s, of %s of %s: signed by %s"
                .formatted(
                    manifest.period().from(),
                    manifest.period().to(),
                    LogWords.count(manifest.checkpoint().treeSize(), "entry"),
                    manifest.checkpoint().origin(),
                    check.maker()));
        if (source.isEmpty()) {
          say("not compared with the log: that is for --log to do");
          yield ExitCode.OK;
        }
        yield compare(source.get(), signed, pinned);
      }
    };
  }

  private int compare(LogCheck log, Verdict.Signed signed, Pinned pinned) {
    try (var again = ReportFolder.temporary();
        var steps = Steps.onStandardOutput(spec.commandLine().getOut());
        var draft =
            new ReportDraft(
                again.draft(),
                signed.manifest().period(),
                signed.checkpoint().checkpoint().treeSize())) {
      return switch (log.verify(pinned, List.of(signed.checkpoint()), draft, steps)) {
        case VerificationResult.Verified verified -> {
          say(LogWords.verified(verified));
          var _ = draft.finish(signed.checkpoint(), signed.manifest().log());
          var difference = ReportDifference.first(directory, again.draft());
          if (difference.isPresent()) {
            refuse(List.of("it is not what the log says\n" + difference.get().message()));
            yield ExitCode.NO;
          }
          say("report verified: every byte of it is what the log makes");
          yield ExitCode.OK;
        }
        case VerificationResult.VerifiedInPart part -> {
          complain(LogWords.inPart(log.target(), part));
          yield ExitCode.UNAVAILABLE;
        }
        case VerificationResult.Broken broken -> {
          complain(LogWords.broken(log.target(), broken));
          yield ExitCode.NO;
        }
      };
    }
  }

  private void refuse(List<String> reasons) {
    complain(directory + ": NOT verified, " + LogWords.count(reasons.size(), "finding"));
    reasons.forEach(reason -> complain("  " + LogWords.lines(reason).replace("\n", "\n  ")));
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
  }

  private void complain(String line) {
    spec.commandLine().getErr().println(line);
  }
}
