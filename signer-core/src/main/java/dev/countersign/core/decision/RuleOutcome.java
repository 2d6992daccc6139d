package dev.countersign.core.decision;

import java.util.Optional;

/// What one rule made of a transaction.
///
/// @param effect `ALLOW` or `DENY`
/// @param firstUnmet nothing when the rule matched; else the first of its criteria that did not
public record RuleOutcome(String rule, String effect, Optional<UnmetCriterion> firstUnmet) {

  /// @param criterion the field of the rule, such as `maximum`
  /// @param expected what the rule asks for
  /// @param observed what the transaction, or the ledger, has
  public record UnmetCriterion(String criterion, String expected, String observed) {}

  public boolean matched() {
    return firstUnmet.isEmpty();
  }
}
