package dev.countersign.policy.evaluation;

import dev.countersign.core.action.Unpacking;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.rule.Counted;
import dev.countersign.policy.rule.GasTerms;
import dev.countersign.policy.rule.JudgedAction;
import dev.countersign.policy.rule.RollingLimit;
import dev.countersign.policy.rule.Rule;
import dev.countersign.policy.rule.ScopeKey;
import java.math.BigInteger;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a request comes to in the limits that count gas, when its gas costs something else.
public final class GasCharges {
  private GasCharges() {}

  /// @param amount of the limit; nothing when nobody can tell what it is worth
  public record GasCharge(RollingLimit limit, Optional<BigInteger> amount) {}

  /// Of every rule that may be about what the request does.
  public static SortedMap<ScopeKey, GasCharge> of(
      PolicyDocument policy, PolicySubject subject, GasTerms gas) {
    SortedMap<ScopeKey, GasCharge> charges = new TreeMap<>();
    if (subject.unpacking() instanceof Unpacking.Unpacked unpacked) {
      JudgedAction root = JudgedAction.of(subject, unpacked.actions().getFirst(), Optional.of(gas));
      for (Rule rule : policy.index().candidates(root)) {
        for (RollingLimit limit : rule.limits()) {
          if (limit.counts().contains(Counted.GAS)) {
            limit
                .scope(rule.name(), root)
                .ifPresent(scope -> charges.put(scope, new GasCharge(limit, limit.of(root))));
          }
        }
      }
    }
    return charges;
  }
}
