package dev.countersign.server.grpc;

import dev.countersign.core.request.Refusal;

/// Thrown by a service to refuse a call. [ErrorConformance] audits it and turns it into a status.
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;
  private final String requestId;

  public RefusedException(Refusal refusal) {
    this(refusal, "");
  }

  /// @param requestId the client's own id of what it asked, or empty
  public RefusedException(Refusal refusal, String requestId) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
    this.requestId = requestId;
  }

  public Refusal refusal() {
    return refusal;
  }

  public String requestId() {
    return requestId;
  }
}
