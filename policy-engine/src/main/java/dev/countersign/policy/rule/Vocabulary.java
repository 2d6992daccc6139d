package dev.countersign.policy.rule;

import dev.countersign.policy.condition.ConditionReader;
import dev.countersign.policy.price.PriceTerms;
import java.util.Optional;

/// What a policy declares once and its rules use. For the one thread that reads the document.
public final class Vocabulary {
  private final AddressBook addresses;
  private final NameGroups clients;
  private final NameGroups walletGroups;
  private final boolean saysPrices;
  private final Optional<PriceTerms> prices;
  private Optional<ConditionReader> conditions = Optional.empty();

  /// @param saysPrices whether it has a section of prices, right or wrong
  /// @param prices what stands there; nothing when that is wrong
  public Vocabulary(
      AddressBook addresses,
      NameGroups clients,
      NameGroups walletGroups,
      boolean saysPrices,
      Optional<PriceTerms> prices) {
    this.addresses = addresses;
    this.clients = clients;
    this.walletGroups = walletGroups;
    this.saysPrices = saysPrices;
    this.prices = prices;
  }

  boolean saysPrices() {
    return saysPrices;
  }

  Optional<PriceTerms> prices() {
    return prices;
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
