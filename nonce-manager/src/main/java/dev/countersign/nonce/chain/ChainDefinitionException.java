package dev.countersign.nonce.chain;

import java.nio.file.Path;

/// A chain definition that cannot be used: says which file, which key, and what is expected there.
public final class ChainDefinitionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;

  ChainDefinitionException(Path file, String key, String problem) {
    super(text(file, key, problem));
    this.key = key;
  }

  ChainDefinitionException(Path file, String key, String problem, Throwable cause) {
    super(text(file, key, problem), cause);
    this.key = key;
  }

  /// The key that is wrong, such as `endpoints[1]`, or empty when it is the whole file.
  public String key() {
    return key;
  }

  private static String text(Path file, String key, String problem) {
    return key.isEmpty() ? file + ": " + problem : file + ": " + key + ": " + problem;
  }
}
