package dev.countersign.mpc.group;

/// Bytes that are no scalar or no point of the group, or one that must not be.
public final class MalformedElementException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedElementException(String message) {
    super(message);
  }
}
