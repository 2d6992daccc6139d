package dev.countersign.policy.rule;

import dev.countersign.core.model.Address;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The named address lists of a policy.
public record AddressBook(Map<String, Set<Address>> lists) {
  public static final AddressBook EMPTY = new AddressBook(Map.of());

  public AddressBook {
    lists =
        lists.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, list -> Set.copyOf(list.getValue())));
  }
}
