package dev.countersign.core.pipeline;

import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.SigningRequest;

/// What came of a submission.
public sealed interface SubmitOutcome {

  /// It is a request now, in whatever state it got to: SIGNED when all went well, DENIED when
  /// policy said no, ADMITTED when the key was out of reach and signing goes on by itself.
  record Processed(SigningRequest request) implements SubmitOutcome {}

  /// It did not become a request.
  record Refused(Refusal refusal) implements SubmitOutcome {}
}
