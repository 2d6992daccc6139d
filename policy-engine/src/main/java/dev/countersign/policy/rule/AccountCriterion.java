package dev.countersign.policy.rule;

import dev.countersign.core.model.Address;
import java.util.Optional;
import java.util.Set;

/// `accounts`: whose assets or authority an action touches. A rule that allows and does not say it
/// is about the wallet's own account: what a wallet makes a Safe do, or takes of others by an
/// allowance, is allowed by rules alone that name the other account.
///
/// @param addresses those listed; the wallet's own when there are none
public record AccountCriterion(Optional<Set<Address>> addresses, String expected)
    implements ActionCriterion {
  /// What a rule that allows means when it does not say.
  public static final AccountCriterion OWN =
      new AccountCriterion(Optional.empty(), "the wallet's own");

  static final String KEY = "accounts";

  static final CriterionKind KIND =
      CriterionKind.list(
          KEY,
          CriterionKind.Presence.OPTIONAL,
          "any, or a list of addresses and names of address lists",
          (text, rule) -> DestinationCriterion.destination(text, rule.addresses()),
          listed ->
              new AccountCriterion(
                  Optional.of(DestinationCriterion.union(listed)), ValueList.oneOf(listed)));

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public boolean holds(JudgedAction action) {
    return addresses
        .map(listed -> listed.contains(action.owner()))
        .orElseGet(() -> action.owner().equals(action.subject().account()));
  }

  @Override
  public String observed(JudgedAction action) {
    return action.owner().checksummed();
  }
}
