package dev.countersign.policy.breaker;

import java.util.List;

/// The breakers of a policy.
///
/// @param decisions those that count what is decided
/// @param balances those that look at what wallets have
/// @param foreignUse those that look at who uses their keys
public record Breakers(
    List<Breaker> decisions, List<BalanceBreaker> balances, List<ForeignUseBreaker> foreignUse) {
  public static final Breakers NONE = new Breakers(List.of(), List.of(), List.of());

  public Breakers {
    decisions = List.copyOf(decisions);
    balances = List.copyOf(balances);
    foreignUse = List.copyOf(foreignUse);
  }
}
