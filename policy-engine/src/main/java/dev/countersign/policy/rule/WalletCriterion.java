package dev.countersign.policy.rule;

import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.rule.IndexDimension.Listing;
import java.util.Set;

/// `wallets`: the wallet that pays.
public record WalletCriterion(Set<WalletId> wallets, String expected)
    implements SubjectCriterion, Listing {
  static final CriterionKind KIND =
      CriterionKind.list(
          "wallets",
          CriterionKind.Presence.WHEN_ALLOWING,
          "any, or a list of wallet ids",
          (text, rule) -> new WalletId(text),
          wallets -> new WalletCriterion(Set.copyOf(wallets), ValueList.oneOf(wallets)));

  @Override
  public IndexDimension dimension() {
    return IndexDimension.WALLET;
  }

  @Override
  public Set<?> listed() {
    return wallets;
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(PolicySubject subject) {
    return wallets.contains(subject.wallet().id());
  }

  @Override
  public String observed(PolicySubject subject) {
    return subject.wallet().id().toString();
  }
}
