package dev.countersign.policy.rule;

import java.util.Optional;
import java.util.Set;

/// What rules can be found by, instead of being asked one by one.
enum IndexDimension {
  INITIATOR,
  WALLET,
  CHAIN,
  OPERATION,
  DESTINATION,
  SELECTOR;

  /// A criterion that holds for no action whose value is not listed.
  interface Listing {
    IndexDimension dimension();

    Set<?> listed();
  }

  Optional<?> of(JudgedAction action) {
    return switch (this) {
      case INITIATOR -> Optional.of(action.subject().initiator());
      case WALLET -> Optional.of(action.subject().wallet().id());
      case CHAIN -> Optional.of(action.subject().chain());
      case OPERATION -> Optional.of(action.operation());
      case DESTINATION -> action.destination();
      case SELECTOR -> action.selector();
    };
  }
}
