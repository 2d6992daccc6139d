package dev.countersign.database;

/// A transaction was rolled back since another instance has the lease that it relied on. Nothing is
/// wrong: the other one goes on.
public final class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeaseLostException(String message) {
    super(message);
  }
}
