package dev.countersign.core.request;

import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.model.Digest32;
import java.time.Instant;
import java.util.Optional;

/// One legal move of one request, with what is known from then on.
public sealed interface RequestMove {
  SigningRequestId request();

  Instant at();

  RequestState to();

  /// The one state the move starts from; nothing when each that [RequestState#mayBecome] it will
  /// do.
  default Optional<RequestState> onlyFrom() {
    return Optional.empty();
  }

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

  /// Waits for approvals or for its time lock.
  record Hold(SigningRequestId request, Instant at, SigningRequest.Holding holding)
      implements RequestMove {
    @Override
    public RequestState to() {
      return switch (holding.kind()) {
        case APPROVALS -> RequestState.PENDING_APPROVAL;
        case TIME_LOCK -> RequestState.TIME_LOCKED;
      };
    }
  }

  /// Approvals came too late.
  record Expire(SigningRequestId request, Instant at, String reason) implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.EXPIRED;
    }
  }

  /// An approver said no.
  record Reject(SigningRequestId request, Instant at, String reason) implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.REJECTED;
    }
  }

  /// Withdrawn before it was signed. What was admitted gives its nonce back.
  record Withdraw(SigningRequestId request, Instant at, RequestState from, String reason)
      implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.CANCELLED;
    }

    @Override
    public Optional<RequestState> onlyFrom() {
      return Optional.of(from);
    }
  }

  record Sign(SigningRequestId request, Instant at, Digest32 transactionHash)
      implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.SIGNED;
    }
  }

  /// Of a message: nothing follows.
  record SignMessage(SigningRequestId request, Instant at, RecoverableSignature signature)
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

  /// The key cannot sign it. Not of what is signed: of two signers one may have succeeded.
  record Fail(SigningRequestId request, Instant at, String reason) implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.FAILED;
    }

    @Override
    public Optional<RequestState> onlyFrom() {
      return Optional.of(RequestState.ADMITTED);
    }
  }

  /// It was mined and did nothing but cost its fee.
  record Revert(SigningRequestId request, Instant at, String reason) implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.FAILED;
    }
  }

  /// Its cancellation was mined: the nonce is used, and nothing else happened.
  record Cancel(
      SigningRequestId request, Instant at, SigningRequest.Inclusion inclusion, String reason)
      implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.CANCELLED;
    }
  }

  /// Another transaction was mined with its nonce, so it never can be.
  record Replace(SigningRequestId request, Instant at, String reason) implements RequestMove {
    @Override
    public RequestState to() {
      return RequestState.REPLACED;
    }
  }
}
