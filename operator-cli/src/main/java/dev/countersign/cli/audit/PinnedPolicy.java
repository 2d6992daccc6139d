package dev.countersign.cli.audit;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.LogKeys;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.checkpoint.WitnessPolicyFile;
import dev.countersign.cli.CommandException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The witnesses that an auditor trusts, as a C2SP tlog-policy.
final class PinnedPolicy {
  private static final int MOST_BYTES = 1 << 16;

  private PinnedPolicy() {}

  /// @param log the log's key; where the policy names logs, it is one of them
  static WitnessPolicy read(Optional<Path> file, LogKeys log) {
    if (file.isEmpty()) {
      return WitnessPolicy.NONE;
    }
    try {
      var policy = WitnessPolicyFile.parse(text(file.get()));
      if (!policy.logs().isEmpty() && !policy.logs().contains(log.current())) {
        throw CommandException.usage(
            "--witness-policy %s is for other logs than --key %s"
                .formatted(file.get(), log.current()));
      }
      policy.policy().requireIndependentOf(log);
      return policy.policy();
    } catch (InvalidNoteException e) {
      throw CommandException.usage("--witness-policy %s: %s".formatted(file.get(), e.getMessage()));
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw CommandException.usage("--witness-policy " + file + " is too long for a policy");
      }
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw CommandException.usage("--witness-policy " + file + " is not text in UTF-8");
    } catch (IOException e) {
      throw CommandException.unavailable(
          "--witness-policy %s cannot be read: %s".formatted(file, e), e);
    }
  }
}
