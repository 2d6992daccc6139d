package dev.countersign.policy.rule;

import java.math.BigInteger;

/// `above`: a rule that restricts is about what moves more than this. An amount means nothing
/// without its asset, so the rule names exactly one.
public record AboveCriterion(BigInteger least, boolean isNative, String expected)
    implements ActionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "above",
          CriterionKind.Presence.ONLY_WHEN_RESTRICTING,
          "an amount, or " + BalanceShare.FORM,
          (value, rule) ->
              BalanceShare.isWritten(value)
                  ? BalanceShareCriterion.read(value, "above", rule, false)
                  : RuleAmount.read(value, "above", rule).map(AboveCriterion::of));

  private static AboveCriterion of(RuleAmount amount) {
    return new AboveCriterion(amount.value(), amount.isNative(), "more than " + amount.shown());
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return action.amount().compareTo(least) > 0;
  }

  @Override
  public String observed(JudgedAction action) {
    return AmountText.show(action.amount(), action.asset().isNative());
  }
}
