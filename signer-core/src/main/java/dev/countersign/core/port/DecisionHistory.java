package dev.countersign.core.port;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.request.SigningRequestId;
import java.util.List;
import java.util.Optional;

/// What policy decided in the past, as it was stored with the decision.
public interface DecisionHistory {

  /// @return nothing when the request was never judged
  Optional<PastDecision> find(SigningRequestId request);

  /// @param reason why it was denied; empty when it was allowed
  /// @param outcomes what each rule made of it; kept for denials only
  record PastDecision(
      PolicyVersion policy, String rule, String reason, List<RuleOutcome> outcomes) {
    public PastDecision {
      outcomes = List.copyOf(outcomes);
    }
  }
}
