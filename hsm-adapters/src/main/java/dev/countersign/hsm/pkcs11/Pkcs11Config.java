package dev.countersign.hsm.pkcs11;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.InvalidValueException;
import java.nio.file.Path;

/// Where a token is and how to use it.
///
/// @param name what wallets call this backend; it stays for as long as its keys are used
/// @param library the vendor's PKCS#11 library, an absolute path
/// @param tokenLabel the label of the token, which must be unique among the library's slots; slots
/// have no names that last
/// @param pinFile the user PIN, in a file only its owner can read
/// @param parallelism how many signatures at most the token makes side by side
public record Pkcs11Config(
    BackendName name, Path library, String tokenLabel, Path pinFile, int parallelism) {
  private static final int LONGEST_LABEL = 32;
  private static final int MOST_PARALLEL = 1024;

  public Pkcs11Config {
    if (!library.isAbsolute()) {
      throw InvalidValueException.of("PKCS#11 library", library.toString(), "an absolute path");
    }
    if (tokenLabel.isBlank() || tokenLabel.length() > LONGEST_LABEL) {
      throw InvalidValueException.of("token label", tokenLabel, "1 to 32 characters");
    }
    if (parallelism < 1 || parallelism > MOST_PARALLEL) {
      throw InvalidValueException.of(
          "token parallelism", Integer.toString(parallelism), "1 to " + MOST_PARALLEL);
    }
  }
}
