package dev.countersign.policy.condition;

import dev.countersign.core.model.Address;
import java.util.Optional;

/// An address, or nobody's: which equals no address, and is in no list.
public record Place(Optional<Address> address) {
  static Place of(Address address) {
    return new Place(Optional.of(address));
  }
}
