package dev.countersign.cosigner.store;

/// What the cosigner keeps cannot be trusted or cannot be made durable: nothing is signed on it.
public final class StoreRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreRefusedException(String message) {
    super(message);
  }

  public StoreRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
