package dev.countersign.policy.replay;

import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Verdict;

/// What a policy said when it first judged a request.
public enum ReplayAnswer {
  ALLOWED,
  /// Allowed, once approvals or a delay are there.
  HELD,
  DENIED;

  static ReplayAnswer of(Verdict verdict, PolicyDocument policy, PolicySubject subject) {
    return switch (verdict) {
      case Verdict.Deny _ -> DENIED;
      case Verdict.Allow allow when allow.conditions().isNone() -> ALLOWED;
      case Verdict.Allow allow -> {
        var excluded = policy.approvers().registry().personsOf(subject.initiator());
        boolean possible =
            allow
                .conditions()
                .quorum()
                .map(quorum -> quorum.isStillPossible(excluded))
                .orElse(true);
        yield possible ? HELD : DENIED;
      }
    };
  }
}
