package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.verify.EntryVisitor;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.audit.LogSource.Pinned;
import dev.countersign.cli.terminal.Steps;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/// Verifies a log while the terminal shows how far it has come.
///
/// @param target where the log is, as it was given
record LogCheck(String target, LogSource log) {

  /// @throws CommandException when `target` is no place of a log
  static LogCheck of(String target, TablesOptions tables) {
    return new LogCheck(
        target,
        tables
            .source(target)
            .orElseThrow(
                () ->
                    CommandException.unavailable(
                        target
                            + " is no place of a log: expected a folder with an export,"
                            + " https://..., or jdbc:postgresql://...")));
  }

  VerificationResult verify(
      Pinned pinned, List<SignedCheckpoint> known, EntryVisitor visitor, Steps steps) {
    return steps.during(
        "verifying " + target,
        () ->
            log.verify(
                pinned,
                known,
                (checked, total) ->
                    steps
                        .progress()
                        .starting("verifying, %d of %d entries".formatted(checked, total)),
                visitor));
  }

  /// What the question comes to, or that there is no answer.
  ///
  /// @throws CommandException when files or a database cannot be read or written
  static <T> T orUnavailable(Supplier<T> question) {
    try {
      return question.get();
    } catch (UncheckedIOException e) {
      throw CommandException.unavailable(String.valueOf(e.getMessage()), e);
    }
  }
}
