package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.FormerKey;
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
      names = "--former-key",
      paramLabel = "KEY:SIZE:ROOT",
      description = {
        "A key that the log had before, with the second and third line of the last checkpoint that"
            + " it signed. May be given again."
      })
  private List<String> formerKeys = List.of();

  LogKeys read() {
    var current = PinnedKey.read("--key", key);
    try {
      return new LogKeys(current, formerKeys.stream().map(FormerKey::parse).toList());
    } catch (InvalidNoteException e) {
      throw CommandException.usage("--former-key: " + e.getMessage());
    }
  }
}
