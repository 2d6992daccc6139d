package dev.countersign.policy.engine;

import dev.countersign.core.decision.Observed;
import dev.countersign.core.decision.Observed.LimitUse;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Conditions;
import dev.countersign.policy.evaluation.GasCharges;
import dev.countersign.policy.evaluation.GasCharges.GasCharge;
import dev.countersign.policy.evaluation.PolicyJudge;
import dev.countersign.policy.evaluation.Verdict;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.limit.OwnCharges;
import dev.countersign.policy.rule.GasTerms;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Judges the cancellation of a request by what it costs.
final class CancellationJudge {
  /// The name given as the deciding rule, which needs none.
  static final String CANCELLATION = "cancellation";

  private CancellationJudge() {}

  /// A cancellation moves nothing, and so no rule is about it: it is judged by what it costs.
  static Verdict judge(
      PolicyDocument policy,
      PolicySubject subject,
      UnsignedTransaction cancellation,
      OwnCharges own) {
    List<Charge> charges = new ArrayList<>();
    List<LimitUse> uses = new ArrayList<>();
    for (Map.Entry<ScopeKey, GasCharge> entry :
        GasCharges.of(policy, subject, GasTerms.of(cancellation).with(subject.parentFee()))
            .entrySet()) {
      ScopeKey scope = entry.getKey();
      if (own.charged(scope).signum() == 0) {
        continue;
      }
      var limit = entry.getValue().limit();
      Optional<BigInteger> amount = entry.getValue().amount();
      if (amount.isEmpty()) {
        return PolicyJudge.cannotJudge("nobody can tell what its gas is worth in " + scope);
      }
      BigInteger before = own.spent(scope);
      if (amount.get().compareTo(own.charged(scope)) > 0 && !limit.hasRoom(before, amount.get())) {
        return new Verdict.Deny(
            CANCELLATION,
            List.of(),
            "its gas does not fit into the limit %s: %s of %s with what is in it already"
                .formatted(scope, before.add(amount.get()), limit.maximum()));
      }
      charges.add(new Charge(scope, amount.get()));
      uses.add(
          new LimitUse(
              scope.text(), limit.window(), limit.maximum(), before, before.add(amount.get())));
    }
    return new Verdict.Allow(
        CANCELLATION,
        Conditions.NONE,
        Optional.empty(),
        charges,
        new Observed(
            AssetId.nativeOf(subject.chain()), BigInteger.ZERO, cancellation.mostGasCost(), uses));
  }
}
