package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Forecast;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.request.Refusal;
import java.util.Optional;

/// What would come of a submission.
public sealed interface ForecastOutcome {

  /// @param payload the bytes whose Keccak-256 would be signed if it were admitted right now
  /// @param nonce the one in them; nothing of a message
  record Judged(Forecast forecast, Bytes payload, Optional<Nonce> nonce)
      implements ForecastOutcome {}

  record Refused(Refusal refusal) implements ForecastOutcome {}
}
