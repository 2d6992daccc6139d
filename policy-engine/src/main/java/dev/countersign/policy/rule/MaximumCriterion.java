package dev.countersign.policy.rule;

import dev.countersign.policy.price.Money;
import java.math.BigInteger;

/// `maximum`: how much one transaction may move. An amount of an asset means nothing
/// without it, so the rule names exactly one; an amount of a currency is a [MoneyCriterion].
public record MaximumCriterion(BigInteger maximum, boolean isNative, String expected)
    implements ActionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "maximum",
          CriterionKind.Presence.ONLY_WHEN_ALLOWING,
          "an amount, " + Money.FORM + ", or " + BalanceShare.FORM,
          (value, rule) -> {
            if (MoneyCriterion.isWritten(value)) {
              return MoneyCriterion.read(value, "maximum", rule, true);
            }
            return BalanceShare.isWritten(value)
                ? BalanceShareCriterion.read(value, "maximum", rule, true)
                : RuleAmount.read(value, "maximum", rule).map(MaximumCriterion::of);
          });

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
