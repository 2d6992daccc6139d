package dev.countersign.nonce.lane;

/// Bytes that must not be written for a request: not signed with the nonce it owns, or other bytes
/// than are written already. A bug in whoever calls; nothing was written.
public final class WrongTransactionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WrongTransactionException(String message) {
    super(message);
  }
}
