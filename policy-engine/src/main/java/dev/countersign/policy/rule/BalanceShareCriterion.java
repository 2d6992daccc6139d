package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.YamlNode;
import java.util.Optional;

/// `maximum` or `above` as a part of the wallet's balance. Where nobody knows it, a rule that
/// allows does not match, and one that restricts does.
///
/// @param isMaximum whether it is the former
public record BalanceShareCriterion(String key, BalanceShare share, boolean isMaximum)
    implements ActionCriterion {

  static Optional<BalanceShareCriterion> read(
      YamlNode value, String key, RuleContext rule, boolean isMaximum) {
    return BalanceShare.read(value, key, rule)
        .map(share -> new BalanceShareCriterion(key, share, isMaximum));
  }

  @Override
  public boolean holds(JudgedAction action) {
    Optional<Boolean> covers = share.covers(action);
    return isMaximum ? covers.orElse(false) : !covers.orElse(false);
  }

  @Override
  public String expected() {
    return (isMaximum ? "at most " : "more than ") + share;
  }

  @Override
  public boolean observesAlike() {
    return false;
  }

  @Override
  public String observed(JudgedAction action) {
    return BalanceShare.observed(action);
  }
}
