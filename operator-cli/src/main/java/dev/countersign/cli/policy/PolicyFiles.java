package dev.countersign.cli.policy;

import dev.countersign.cli.CommandException;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.succession.Founders;
import dev.countersign.policy.succession.FoundersReader;
import dev.countersign.policy.succession.FoundersReader.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files of policies and founders.
final class PolicyFiles {
  private PolicyFiles() {}

  static Bytes bytes(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw CommandException.unavailable(file + " is not a file you can read", e);
    }
  }

  static Founders founders(Path file) {
    return switch (FoundersReader.read(bytes(file).toArray())) {
      case Reading.Valid(Founders founders) -> founders;
      case Reading.Invalid invalid ->
          throw CommandException.unavailable(
              "the founders' file " + file + " is wrong:\n" + invalid.text());
    };
  }
}
