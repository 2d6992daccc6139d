package dev.countersign.core.pipeline;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.SigningRequest;
import java.util.Optional;

/// What came of a submission.
public sealed interface SubmitOutcome {

  /// It is a request now, in whatever state it got to: SIGNED when all went well, DENIED when
  /// policy said no, ADMITTED when the key was out of reach and signing goes on by itself.
  ///
  /// @param signed the signed bytes, when they were made for this very submission
  record Processed(SigningRequest request, Optional<SignedTransaction> signed)
      implements SubmitOutcome {}

  /// It did not become a request.
  record Refused(Refusal refusal) implements SubmitOutcome {}
}
