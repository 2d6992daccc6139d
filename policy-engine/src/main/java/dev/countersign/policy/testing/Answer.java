package dev.countersign.policy.testing;

import dev.countersign.policy.evaluation.Verdict;
import java.util.EnumSet;
import java.util.Set;

/// What a policy says of a request, as test files write it. Approvals and a delay may be wanted
/// together; each of the others stands alone.
public enum Answer {
  /// Signed at once.
  ALLOW,
  /// Never signed.
  DENY,
  /// Signed once people approved it.
  REQUIRE,
  /// Signed once some time has gone by.
  DELAY;

  static Set<Answer> of(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Deny _ -> EnumSet.of(DENY);
      case Verdict.Allow allow when allow.conditions().isNone() -> EnumSet.of(ALLOW);
      case Verdict.Allow allow -> {
        Set<Answer> answers = EnumSet.noneOf(Answer.class);
        if (allow.conditions().quorum().isPresent()) {
          answers.add(REQUIRE);
        }
        if (allow.conditions().delay().isPositive()) {
          answers.add(DELAY);
        }
        yield answers;
      }
    };
  }
}
