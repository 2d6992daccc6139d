package dev.countersign.policy.rule;

import dev.countersign.policy.condition.ConditionReader;
import java.util.Optional;

/// What a policy declares once and its rules use. For the one thread that reads the document.
public final class Vocabulary {
  private final AddressBook addresses;
  private final NameGroups clients;
  private final NameGroups walletGroups;
  private Optional<ConditionReader> conditions = Optional.empty();

  public Vocabulary(AddressBook addresses, NameGroups clients, NameGroups walletGroups) {
    this.addresses = addresses;
    this.clients = clients;
    this.walletGroups = walletGroups;
  }

  public AddressBook addresses() {
    return addresses;
  }

  NameGroups clients() {
    return clients;
  }

  NameGroups walletGroups() {
    return walletGroups;
  }

  /// Made for the first rule that has a condition.
  ConditionReader conditions() {
    ConditionReader reader =
        conditions.orElseGet(
            () ->
                new ConditionReader(
                    ActionFacts.TYPES, addresses.timeless(), AmountText::parseNative));
    conditions = Optional.of(reader);
    return reader;
  }
}
