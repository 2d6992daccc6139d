package dev.countersign.policy.rule;

import java.math.BigInteger;

/// `maximum`: how much one transaction may move. An amount means nothing without its asset, so the
/// rule names exactly one.
public record MaximumCriterion(BigInteger maximum, boolean isNative, String expected)
    implements ActionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "maximum",
          CriterionKind.Presence.ONLY_WHEN_ALLOWING,
          "an amount, or " + BalanceShare.FORM,
          (value, rule) ->
              BalanceShare.isWritten(value)
                  ? BalanceShareCriterion.read(value, "maximum", rule, true)
                  : RuleAmount.read(value, "maximum", rule).map(MaximumCriterion::of));

  private static MaximumCriterion of(RuleAmount maximum) {
    return new MaximumCriterion(maximum.value(), maximum.isNative(), "at most " + maximum.shown());
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return action.amount().compareTo(maximum) <= 0;
  }

  @Override
  public String observed(JudgedAction action) {
    return AmountText.show(action.amount(), action.asset().isNative());
  }
}
