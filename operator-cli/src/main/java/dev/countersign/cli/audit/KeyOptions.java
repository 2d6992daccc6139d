package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.cli.CommandException;
import java.util.List;
import picocli.CommandLine.Option;

/// The options that say which keys a log has.
final class KeyOptions {
  @Option(
      names = "--key",
      required = true,
      paramLabel = "KEY",
      description = {
        "The log's key as you were given it, name+id+base64, or a file with it. From the server"
            + " that you verify it proves nothing."
      })
  private String key = "";

  @Option(
      names = "--previous-key",
      paramLabel = "KEY",
      description = {
        "A key that the log had before, which may have signed what you kept. May be given again."
      })
  private List<String> previousKeys = List.of();

  LogKeys read() {
    var previous =
        previousKeys.stream().map(before -> PinnedKey.read("--previous-key", before)).toList();
    try {
      return new LogKeys(PinnedKey.read("--key", key), previous);
    } catch (InvalidNoteException e) {
      throw CommandException.usage("--previous-key: " + e.getMessage());
    }
  }
}
