package dev.countersign.testenv;

import org.jspecify.annotations.Nullable;

/// The environment could not be provided. The message says what was wrong and what to do about it.
public final class TestEnvironmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message what was wrong, what was expected, what to do
  public TestEnvironmentException(String message) {
    super(message);
  }

  /// @param message what was wrong, what was expected, what to do
  /// @param cause the failure underneath
  public TestEnvironmentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
