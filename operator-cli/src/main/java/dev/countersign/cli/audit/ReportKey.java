package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.report.ReportManifest;
import dev.countersign.cli.CommandException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that say who answers for a report.
final class ReportKey {
  @Option(
      names = "--sign-key",
      required = true,
      paramLabel = "FILE",
      description = {
        "The key of who answers for the report, for this and nothing else; a file that its owner"
            + " alone can read. Made when missing."
      })
  private Path file = Path.of("");

  @Option(
      names = "--signer",
      paramLabel = "NAME",
      description = {
        "Who that is, such as example.com/compliance. Needed the first time, for the key that is"
            + " made then."
      })
  private Optional<String> name = Optional.empty();

  /// @param log the keys of the log that a report is of, which must be others
  CheckpointSigner open(LogKeys log) {
    try {
      var signer = signer();
      ReportManifest.requireApart(signer.verifierKey(), log);
      return signer;
    } catch (InvalidNoteException e) {
      throw CommandException.usage("--sign-key: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw CommandException.unavailable("%s: %s".formatted(e.getMessage(), e.getCause()), e);
    }
  }

  private CheckpointSigner signer() {
    if (name.isPresent()) {
      return CheckpointKeyFile.openOrCreate(file, name.get(), new SecureRandom());
    }
    if (Files.notExists(file)) {
      throw CommandException.usage(
          "there is no key in "
              + file
              + ": --signer is needed to make one, a name for good, such as"
              + " example.com/compliance");
    }
    return CheckpointKeyFile.openExisting(file);
  }
}
