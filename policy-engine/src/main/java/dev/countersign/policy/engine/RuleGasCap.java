package dev.countersign.policy.engine;

import dev.countersign.core.model.GasLimit;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.Criterion;
import dev.countersign.policy.rule.GasCostCriterion;
import dev.countersign.policy.rule.GasPriceCriterion;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Optional;

/// The most that one rule lets gas and blobs of a transaction cost.
final class RuleGasCap {
  private RuleGasCap() {}

  static Optional<BigInteger> of(
      PolicyDocument policy, String rule, GasLimit limit, BigInteger blobCost) {
    return policy.rules().stream()
        .filter(one -> one.name().equals(rule))
        .flatMap(one -> one.criteria().stream())
        .flatMap(criterion -> gasCap(criterion, limit, blobCost).stream())
        .min(Comparator.naturalOrder());
  }

  private static Optional<BigInteger> gasCap(
      Criterion criterion, GasLimit limit, BigInteger blobCost) {
    return switch (criterion) {
      case GasCostCriterion cost -> Optional.of(cost.maximum());
      case GasPriceCriterion price ->
          Optional.of(price.maximum().multiply(BigInteger.valueOf(limit.units())).add(blobCost));
      default -> Optional.empty();
    };
  }
}
