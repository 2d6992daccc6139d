package dev.countersign.core.pipeline;

import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.SigningRequest;

/// What came of asking for a replacement.
public sealed interface ReplacementOutcome {

  /// There is one: signed now, or permitted and waiting for its key; or there was one already and
  /// nothing had to be done.
  ///
  /// @param request as it was when it was asked for; a replacement does not move it
  record Replaced(SigningRequest request) implements ReplacementOutcome {}

  /// There is none, and what was signed stays as it is.
  record Refused(Refusal refusal) implements ReplacementOutcome {}
}
