package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.cli.CommandException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that say what is trusted about a log.
final class PinnedOptions {
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

  @Option(
      names = "--witness-policy",
      paramLabel = "FILE",
      description = {
        "Whose cosignatures every checkpoint needs, as a C2SP tlog-policy: lines witness NAME KEY,"
            + " group NAME K NAMES, quorum NAME."
      })
  private Optional<Path> witnessPolicy = Optional.empty();

  LogSource.Pinned read() {
    var keys = keys();
    return new LogSource.Pinned(keys, PinnedPolicy.read(witnessPolicy, keys));
  }

  private LogKeys keys() {
    var previous =
        previousKeys.stream().map(before -> PinnedKey.read("--previous-key", before)).toList();
    try {
      return new LogKeys(PinnedKey.read("--key", key), previous);
    } catch (InvalidNoteException e) {
      throw CommandException.usage("--previous-key: " + e.getMessage());
    }
  }
}
