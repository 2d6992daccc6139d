package dev.countersign.policy.succession;

import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.model.Slug;
import dev.countersign.policy.approval.ChangeTerms;
import java.time.Duration;

/// The people who sign a deployment's first policy, and who alone may change a policy that does not
/// say who may. Pinned outside of the database.
///
/// @param deployment a name that no other deployment has: every statement names it
/// @param quorum of people of `registry`
public record Founders(String deployment, ApproverRegistry registry, RuleQuorum quorum) {
  public Founders {
    Slug.check("deployment", deployment);
  }

  /// What they may do.
  public ChangeAuthority authority() {
    return new ChangeAuthority(
        registry, new ChangeTerms(quorum, Duration.ZERO, ChangeTerms.USUAL_LIFETIME));
  }
}
