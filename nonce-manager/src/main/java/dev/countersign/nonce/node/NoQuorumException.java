package dev.countersign.nonce.node;

/// Too few endpoints of a chain answered for what they say to count. Nothing may be concluded: not
/// that a transaction is mined, and not that it is not.
public final class NoQuorumException extends NodeUnavailableException {
  private static final long serialVersionUID = 1L;

  public NoQuorumException(String message) {
    super(message);
  }
}
