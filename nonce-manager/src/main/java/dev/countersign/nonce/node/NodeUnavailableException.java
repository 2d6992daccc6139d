package dev.countersign.nonce.node;

/// No node gave a usable answer. Whether one has acted on the question is not known.
public class NodeUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NodeUnavailableException(String message) {
    super(message);
  }

  public NodeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
