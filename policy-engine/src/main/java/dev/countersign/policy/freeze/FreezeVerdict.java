package dev.countersign.policy.freeze;

import dev.countersign.core.decision.Decision;
import dev.countersign.core.freeze.Freeze;
import dev.countersign.core.freeze.FrozenScopes;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.evaluation.Verdict;
import java.util.List;
import java.util.Optional;

/// What a freeze makes of a request: no rule is looked at then.
public final class FreezeVerdict {
  private FreezeVerdict() {}

  /// @return nothing when no freeze covers it
  public static Optional<Verdict> of(FrozenScopes frozen, PolicySubject subject) {
    return frozen
        .covering(subject.wallet(), subject.chain())
        .map(Freeze::denial)
        .map(reason -> new Verdict.Deny(Decision.FROZEN, List.of(), reason));
  }
}
