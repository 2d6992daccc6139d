package dev.countersign.policy.price;

import dev.countersign.core.price.SignedPrice;

/// By which price something is judged.
public sealed interface Quote {

  /// @param price the one that is worst for whoever moves the asset
  record Priced(SignedPrice price) implements Quote {}

  /// Nobody can tell what it is worth.
  ///
  /// @param reason for people, such as `no price of eip155:1/slip44:60 in USD …`
  record Unpriced(String reason) implements Quote {}
}
