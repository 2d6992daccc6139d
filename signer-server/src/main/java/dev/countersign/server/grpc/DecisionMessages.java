package dev.countersign.server.grpc;

import dev.countersign.api.v1.Decision;
import dev.countersign.api.v1.RuleOutcome;
import dev.countersign.api.v1.UnmetCriterion;
import dev.countersign.core.decision.Forecast;
import dev.countersign.core.port.DecisionHistory.PastDecision;
import java.util.List;

/// Decisions as messages.
final class DecisionMessages {
  private DecisionMessages() {}

  static Decision of(Forecast forecast) {
    return Decision.newBuilder()
        .setPolicyVersion(forecast.policy().number())
        .setPolicyHash(forecast.policy().hash().hex())
        .setRule(forecast.rule())
        .setReason(forecast.reason())
        .addAllOutcomes(outcomes(forecast.outcomes()))
        .build();
  }

  static Decision of(PastDecision decision) {
    return Decision.newBuilder()
        .setPolicyVersion(decision.policy().number())
        .setPolicyHash(decision.policy().hash().hex())
        .setRule(decision.rule())
        .setReason(decision.reason())
        .addAllOutcomes(outcomes(decision.outcomes()))
        .build();
  }

  static List<RuleOutcome> outcomes(List<dev.countersign.core.decision.RuleOutcome> outcomes) {
    return outcomes.stream().map(DecisionMessages::outcome).toList();
  }

  private static RuleOutcome outcome(dev.countersign.core.decision.RuleOutcome outcome) {
    RuleOutcome.Builder message =
        RuleOutcome.newBuilder()
            .setRule(outcome.rule())
            .setEffect(RuleOutcome.Effect.valueOf("EFFECT_" + outcome.effect()))
            .setMatched(outcome.matched());
    outcome
        .firstUnmet()
        .ifPresent(
            unmet ->
                message.setUnmet(
                    UnmetCriterion.newBuilder()
                        .setCriterion(unmet.criterion())
                        .setExpected(unmet.expected())
                        .setObserved(unmet.observed())));
    return message.build();
  }
}
