package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.report.Period;
import dev.countersign.audit.report.ReportDraft;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.ExitCode;
import dev.countersign.cli.audit.LogSource.Pinned;
import dev.countersign.cli.terminal.Steps;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign audit report`.
@Command(
    name = "report",
    description = {
      "Makes a signed compliance report of a period from a log: a page to read and print, and a CSV"
          + " file for each of its tables. The log is verified as it is read; whoever has it can"
          + " make the same bytes again (audit verify-report)."
    })
public final class ReportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR|URL",
      description = {
        "A folder with an exported log; https://... where one is published; jdbc:postgresql://..."
            + " for the tables."
      })
  private String target = "";

  @Mixin private PinnedOptions trusted = new PinnedOptions();
  @Mixin private TablesOptions tables = new TablesOptions();
  @Mixin private ReportKey reportKey = new ReportKey();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description = "The first day or moment of the period: 2026-11-01, or with a time; UTC.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TIME",
      description = {
        "The first day or moment after it; UTC. All of November is --from 2026-11-01 --to"
            + " 2026-12-01."
      })
  private String to = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder for the report, which is not there yet.")
  private Path directory = Path.of("");

  @Option(
      names = "--known",
      paramLabel = "FILE",
      description = {
        "A checkpoint or a proof that you kept from before; the log must still have what it vouches"
            + " for. May be given again."
      })
  private List<Path> known = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public Integer call() {
    var period = period();
    var pinned = trusted.read();
    var before = known.stream().map(file -> KnownCheckpoint.read(file, pinned.keys())).toList();
    var log = LogCheck.of(target, tables);
    try (var folder = ReportFolder.begin(directory)) {
      var signer = reportKey.open(pinned.keys());
      return LogCheck.orUnavailable(() -> make(folder, period, log, pinned, before, signer));
    }
  }

  private Period period() {
    try {
      return new Period(UtcTime.parse("--from", from), UtcTime.parse("--to", to));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--from and --to: " + e.getMessage());
    }
  }

  private int make(
      ReportFolder folder,
      Period period,
      LogCheck log,
      Pinned pinned,
      List<SignedCheckpoint> before,
      CheckpointSigner signer) {
    try (var steps = Steps.onStandardOutput(spec.commandLine().getOut());
        var draft = new ReportDraft(folder.draft(), period, Long.MAX_VALUE)) {
      return switch (log.verify(pinned, before, draft, steps)) {
        case VerificationResult.Verified verified -> {
          var manifest =
              steps.during(
                  "writing the report",
                  () ->
                      draft.finish(
                          verified.checkpoint(), pinned.keys().signerOf(verified.checkpoint())));
          manifest.sign(folder.draft(), signer);
          folder.publish();
          tell(verified, draft, period, signer);
          yield ExitCode.OK;
        }
        case VerificationResult.VerifiedInPart part -> {
          complain(LogWords.inPart(log.target(), part));
          complain("no report is made of a part");
          yield ExitCode.UNAVAILABLE;
        }
        case VerificationResult.Broken broken -> {
          complain(LogWords.broken(log.target(), broken));
          complain("no report is made of it");
          yield ExitCode.NO;
        }
      };
    }
  }

  private void tell(
      VerificationResult.Verified verified,
      ReportDraft draft,
      Period period,
      CheckpointSigner signer) {
    var out = spec.commandLine().getOut();
    long entries = draft.types().values().stream().mapToLong(Long::longValue).sum();
    out.println(LogWords.verified(verified));
    out.println(
        "report of %s until before %s: %s, in %s"
            .formatted(period.from(), period.to(), LogWords.count(entries, "entry"), directory));
    out.println("signed by: " + signer.verifierKey());
    if (draft.newest().filter(newest -> !newest.isBefore(period.to())).isEmpty()) {
      complain(
          "the log has no entry of %s or later: what is still to be logged of the period is not in"
                  .formatted(period.to())
              + " the report");
    }
    if (draft.unreadable() > 0) {
      complain(
          "%s could not be read and may belong to the period: use a newer countersign"
              .formatted(LogWords.count(draft.unreadable(), "entry")));
    }
  }

  private void complain(String line) {
    spec.commandLine().getErr().println(line);
  }
}
