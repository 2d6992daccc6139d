package dev.countersign.policy.breaker;

/// Freezes a scope when somebody else has used the key of one of its wallets. Once is too often, so
/// there is nothing to count.
///
/// @param scope what is frozen
public record ForeignUseBreaker(String name, BreakerScope scope) {
  /// As policies write what it counts.
  static final String WORD = "foreign-transaction";

  /// For whoever is stopped by the freeze.
  ///
  /// @param detail what was seen
  public String tripped(String detail) {
    return "breaker %s: %s".formatted(name, detail);
  }
}
