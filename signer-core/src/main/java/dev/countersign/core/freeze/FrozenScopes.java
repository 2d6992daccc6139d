package dev.countersign.core.freeze;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Wallet;
import java.util.List;
import java.util.Optional;

/// All that is frozen at one moment.
///
/// @param freezes none of them lifted, the oldest first
public record FrozenScopes(List<Freeze> freezes) {
  public static final FrozenScopes NONE = new FrozenScopes(List.of());

  public FrozenScopes {
    freezes = List.copyOf(freezes);
  }

  /// The oldest freeze that stops `wallet` from signing for `chain`.
  public Optional<Freeze> covering(Wallet wallet, ChainId chain) {
    return freezes.stream().filter(freeze -> freeze.scope().covers(wallet, chain)).findFirst();
  }

  /// The freeze of exactly this scope.
  public Optional<Freeze> of(FreezeScope scope) {
    return freezes.stream().filter(freeze -> freeze.scope().equals(scope)).findFirst();
  }
}
