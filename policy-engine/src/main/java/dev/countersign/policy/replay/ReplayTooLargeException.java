package dev.countersign.policy.replay;

/// The windows of a draft's limits hold more than is kept in memory.
public final class ReplayTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReplayTooLargeException(int most) {
    super(
        "the limits of the draft would hold more than %d charges at once: expected shorter windows, or a draft of fewer rules with limits"
            .formatted(most));
  }
}
