package dev.countersign.mpc.derivation;

/// There is no such child of a key.
public final class UnderivableKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnderivableKeyException(String message) {
    super(message);
  }
}
