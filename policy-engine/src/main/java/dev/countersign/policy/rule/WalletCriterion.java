package dev.countersign.policy.rule;

import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.rule.IndexDimension.Listing;
import dev.countersign.policy.rule.NameGroups.Named;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// `wallets`: the wallet that pays.
public record WalletCriterion(Set<WalletId> wallets, String expected)
    implements SubjectCriterion, Listing {
  static final CriterionKind KIND =
      CriterionKind.list(
          "wallets",
          CriterionKind.Presence.WHEN_ALLOWING,
          "any, or a list of wallet ids and names under `walletGroups`",
          (text, rule) -> {
            // A group that is not declared is taken for an id, which has the same form.
            Named named = rule.vocabulary().walletGroups().named(text);
            named.members().forEach(WalletId::new);
            return named;
          },
          WalletCriterion::of);

  private static WalletCriterion of(List<Named> listed) {
    return new WalletCriterion(
        listed.stream()
            .flatMap(named -> named.members().stream())
            .map(WalletId::new)
            .collect(Collectors.toUnmodifiableSet()),
        ValueList.oneOf(listed));
  }

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
