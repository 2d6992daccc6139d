package dev.countersign.server.grpc;

/// Thrown when an answer would have to wait too long for its entry's checkpoint. What was asked for
/// has happened, so this is not audited as a refusal.
public final class ProofPendingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProofPendingException(String message) {
    super(message, null, false, false);
  }
}
