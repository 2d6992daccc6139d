package dev.countersign.cli.audit;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say what is trusted about a log.
final class PinnedOptions {
  @Mixin private KeyOptions keys = new KeyOptions();

  @Option(
      names = "--witness-policy",
      paramLabel = "FILE",
      description = {
        "Whose cosignatures every checkpoint needs, as a C2SP tlog-policy: lines witness NAME KEY,"
            + " group NAME K NAMES, quorum NAME."
      })
  private Optional<Path> witnessPolicy = Optional.empty();

  LogSource.Pinned read() {
    var pinned = keys.read();
    return new LogSource.Pinned(pinned, PinnedPolicy.read(witnessPolicy, pinned));
  }
}
