package dev.countersign.core.port;

/// The store cannot be reached, or it is not known whether a commit took. Whatever was asked may be
/// asked again under the same idempotency key.
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
