package dev.countersign.core.request;

import dev.countersign.core.model.Digest32;
import java.time.Instant;

/// One legal move of one request, with what is known from then on.
public sealed interface RequestMove {
  SigningRequestId request();

  Instant at();

  RequestState to();

  record Admit(SigningRequestId request, Instant at, SigningRequest.Admission admission)
      implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.ADMITTED;
    }
  }

  record Deny(SigningRequestId request, Instant at, SigningRequest.Denial denial)
      implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.DENIED;
    }
  }

  record Sign(SigningRequestId request, Instant at, Digest32 transactionHash)
      implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.SIGNED;
    }
  }

  record Broadcast(SigningRequestId request, Instant at) implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.BROADCAST;
    }
  }

  record Confirm(SigningRequestId request, Instant at, SigningRequest.Inclusion inclusion)
      implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.CONFIRMED;
    }
  }

  /// Before signing because the key cannot sign it, or after mining because it reverted.
  record Fail(SigningRequestId request, Instant at, String reason) implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.FAILED;
    }
  }
}
