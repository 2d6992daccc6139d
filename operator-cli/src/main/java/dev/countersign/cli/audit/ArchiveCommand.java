package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.inspection.LogDatabase;
import dev.countersign.audit.retention.ArchiveOutcome;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.terminal.Steps;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `countersign audit archive`.
@Command(
    name = "archive",
    description = {
      "Takes entries of past months out of the database, once a folder has the whole log and"
          + " verifies. Hashes and checkpoints stay, and every proof stays good."
          + " See docs/runbooks/RETENTION.md."
    })
public final class ArchiveCommand implements Runnable {
  @Parameters(
      paramLabel = "jdbc:postgresql://...",
      description = "The database; servers may go on meanwhile.")
  private String url = "";

  @Option(
      names = "--before",
      required = true,
      paramLabel = "DATE",
      description = {
        "The first day that stays in the database, such as 2026-01-01 (UTC). Months leave as a"
            + " whole: those that have ended by then."
      })
  private String before = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = {
        "The folder for the archive; the one of the last time, when something was archived before."
            + " Servers need it as audit.archive."
      })
  private Path directory = Path.of("");

  @Mixin private KeyOptions key = new KeyOptions();
  @Mixin private LoginOptions owner = new LoginOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    if (!url.startsWith(LogSource.DATABASE)) {
      throw CommandException.usage("expected jdbc:postgresql://..., got " + url);
    }
    var database = LogSource.address(url);
    var keys = key.read();
    var day = day();
    say(LogCheck.orUnavailable(() -> archive(database, keys, day)));
  }

  private ArchiveOutcome archive(String address, LogKeys keys, LocalDate day) {
    try (var steps = Steps.onStandardOutput(spec.commandLine().getOut());
        var database = LogDatabase.toArchive(address, owner.login().properties())) {
      return steps.during(
          "archiving to " + directory,
          () ->
              database.archive(
                  keys,
                  directory,
                  day,
                  InstantSource.system(),
                  (done, total) ->
                      steps
                          .progress()
                          .starting("archiving, %d of %d entries".formatted(done, total))));
    }
  }

  private LocalDate day() {
    try {
      return LocalDate.parse(before);
    } catch (DateTimeParseException e) {
      throw CommandException.usage("--before: expected a day such as 2026-01-01, got " + before);
    }
  }

  private void say(ArchiveOutcome outcome) {
    var out = spec.commandLine().getOut();
    switch (outcome) {
      case ArchiveOutcome.Archived archived -> {
        out.println(
            "%s are in %s and have left the database, with %s: all below index %d"
                .formatted(
                    LogWords.count(archived.removed(), "entry"),
                    directory,
                    String.join(", ", archived.partitions()),
                    archived.below()));
        out.println(
            "the archive is verified against the checkpoint of "
                + LogWords.count(archived.checkpoint().checkpoint().treeSize(), "entry"));
      }
      case ArchiveOutcome.NothingOld _ ->
          out.println("there is no month with entries that has ended before " + before);
      case ArchiveOutcome.Refused(ArchiveOutcome.Reason reason, String message) ->
          throw CommandException.no("nothing was archived (%s): %s".formatted(reason, message));
    }
  }
}
