package dev.countersign.server.grpc;

import dev.countersign.api.v1.GetCoverageResponse;
import dev.countersign.api.v1.RuleCoverage;
import dev.countersign.api.v1.RuleOutcome;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.policy.coverage.DecisionCoverage;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.store.PolicyStore;
import dev.countersign.policy.store.PolicyStore.StoredPolicy;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// The call about which rules matter.
public final class Covering {
  private static final FieldReader FIELDS = new FieldReader("");

  private final UnitOfWork unitOfWork;
  private final PolicyStore policies;

  public Covering(UnitOfWork unitOfWork, PolicyStore policies) {
    this.unitOfWork = unitOfWork;
    this.policies = policies;
  }

  GetCoverageResponse of(Instant since, Instant until) {
    return unitOfWork.inTransaction(
        transaction -> {
          StoredPolicy active =
              policies
                  .active(transaction)
                  .orElseThrow(
                      () ->
                          FIELDS.refused(
                              "", Code.NOT_FOUND, "no policy is active: everything is denied"));
          return GetCoverageResponse.newBuilder()
              .setPolicyVersion(active.version().number())
              .setPolicyHash(active.version().hash().hex())
              .addAllRules(
                  DecisionCoverage.of(
                          transaction.unwrap(Handle.class), document(active), since, until)
                      .stream()
                      .map(Covering::message)
                      .toList())
              .build();
        });
  }

  private static PolicyDocument document(StoredPolicy active) {
    return switch (PolicyDocumentReader.read(active.document().toArray())) {
      case PolicyDocument.Reading.Valid(PolicyDocument document) -> document;
      case PolicyDocument.Reading.Invalid _ ->
          throw FIELDS.refused(
              "", Code.NOT_FOUND, "the active policy cannot be read by this release");
    };
  }

  private static RuleCoverage message(dev.countersign.policy.coverage.RuleCoverage coverage) {
    RuleCoverage.Builder message =
        RuleCoverage.newBuilder().setRule(coverage.rule()).setMatched(coverage.matched());
    coverage
        .effect()
        .map(effect -> RuleOutcome.Effect.valueOf("EFFECT_" + effect))
        .ifPresent(message::setEffect);
    coverage.lastAt().map(RequestMessages::timestamp).ifPresent(message::setLastTime);
    return message.build();
  }
}
