package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Forecast;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.request.Refusal;

/// What would come of a submission.
public sealed interface ForecastOutcome {

  /// @param transaction what would be signed if it were admitted right now
  record Judged(Forecast forecast, UnsignedTransaction transaction) implements ForecastOutcome {}

  record Refused(Refusal refusal) implements ForecastOutcome {}
}
