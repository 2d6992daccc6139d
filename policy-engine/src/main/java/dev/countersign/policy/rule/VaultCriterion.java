package dev.countersign.policy.rule;

import dev.countersign.core.model.VaultId;
import dev.countersign.core.port.PolicySubject;
import java.util.Set;

/// `vaults`: the vault of the wallet that pays.
public record VaultCriterion(Set<VaultId> vaults, String expected) implements SubjectCriterion {
  static final CriterionKind KIND =
      CriterionKind.list(
          "vaults",
          CriterionKind.Presence.OPTIONAL,
          "any, or a list of vault ids",
          (text, rule) -> new VaultId(text),
          vaults -> new VaultCriterion(Set.copyOf(vaults), ValueList.oneOf(vaults)));

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(PolicySubject subject) {
    return vaults.contains(subject.wallet().vault());
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject.wallet().vault().toString();
  }
}
