package dev.countersign.nonce.chain;

import dev.countersign.core.model.Address;
import java.time.Duration;
import java.util.List;

/// How balances are watched on a chain.
///
/// @param tokens ERC-20 contracts whose balances are watched besides the native one
/// @param interval how often balances are read at most
public record BalanceTerms(List<Address> tokens, Duration interval) {
  public static final BalanceTerms DEFAULT = new BalanceTerms(List.of(), Duration.ofSeconds(15));

  public BalanceTerms {
    tokens = List.copyOf(tokens);
  }
}
