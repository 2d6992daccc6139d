package dev.countersign.cosigner.wire;

/// Bytes that nothing of ours writes.
public final class MalformedBytesException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedBytesException(String message) {
    super(message);
  }
}
