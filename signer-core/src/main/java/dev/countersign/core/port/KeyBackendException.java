package dev.countersign.core.port;

/// A key backend could not do what is not signing: make, find or list keys.
public final class KeyBackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Whose fault it is, and so what to do.
  public enum Kind {
    /// There is a key of this name.
    KEY_EXISTS,
    /// The token or the connection to it is gone; try again.
    UNAVAILABLE,
    /// The token answers, but not as it should.
    BROKEN
  }

  private final Kind kind;

  public KeyBackendException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public KeyBackendException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
