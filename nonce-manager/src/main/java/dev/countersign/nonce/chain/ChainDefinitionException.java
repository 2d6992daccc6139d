package dev.countersign.nonce.chain;

import java.nio.file.Path;
import java.util.OptionalInt;

/// A chain definition that cannot be used: says which file, which line and key, and what is
/// expected there.
public final class ChainDefinitionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;

  ChainDefinitionException(Path file, String key, String problem) {
    this(file, OptionalInt.empty(), key, problem);
  }

  ChainDefinitionException(Path file, OptionalInt line, String key, String problem) {
    super(text(file, line, key, problem));
    this.key = key;
  }

  ChainDefinitionException(Path file, String key, String problem, Throwable cause) {
    super(text(file, OptionalInt.empty(), key, problem), cause);
    this.key = key;
  }

  /// The key that is wrong, such as `endpoints[1]`, or empty when it is the whole file.
  public String key() {
    return key;
  }

  private static String text(Path file, OptionalInt line, String key, String problem) {
    String at = line.isPresent() ? file + ":" + line.getAsInt() : file.toString();
    return key.isEmpty() ? at + ": " + problem : at + ": " + key + ": " + problem;
  }
}
