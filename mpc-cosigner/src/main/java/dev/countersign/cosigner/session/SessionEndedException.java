package dev.countersign.cosigner.session;

import dev.countersign.cosigner.session.SessionOutcome.Cause;
import dev.countersign.cosigner.session.SessionOutcome.Failed;
import dev.countersign.mpc.ProtocolAbortException;
import java.util.Optional;

/// Carries the outcome of a session to where it is answered.
final class SessionEndedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient SessionOutcome outcome;

  SessionEndedException(SessionOutcome outcome) {
    super(String.valueOf(outcome));
    this.outcome = outcome;
  }

  SessionEndedException(Cause cause, String detail) {
    this(new Failed(cause, Optional.empty(), detail));
  }

  SessionOutcome outcome() {
    return outcome;
  }

  static Failed failed(ProtocolAbortException abort) {
    Cause cause =
        switch (abort.reason()) {
          case MALFORMED, BAD_SHARE, BAD_PROOF, BAD_RESULT -> Cause.PROTOCOL;
          case MISMATCH -> Cause.MISMATCH;
          case REUSE -> Cause.REUSE;
          case BANNED -> Cause.BANNED;
        };
    return new Failed(cause, abort.culprit(), String.valueOf(abort.getMessage()));
  }
}
