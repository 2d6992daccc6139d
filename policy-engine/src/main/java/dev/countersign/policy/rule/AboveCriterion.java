package dev.countersign.policy.rule;

import dev.countersign.policy.price.Money;
import java.math.BigInteger;

/// `above`: a rule that restricts is about what moves more than this. An amount of an
/// asset means nothing without it, so the rule names exactly one; one of a currency is a
/// [MoneyCriterion].
public record AboveCriterion(BigInteger least, boolean isNative, String expected)
    implements ActionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "above",
          CriterionKind.Presence.ONLY_WHEN_RESTRICTING,
          "an amount, " + Money.FORM + ", or " + BalanceShare.FORM,
          (value, rule) -> {
            if (MoneyCriterion.isWritten(value)) {
              return MoneyCriterion.read(value, "above", rule, false);
            }
            return BalanceShare.isWritten(value)
                ? BalanceShareCriterion.read(value, "above", rule, false)
                : RuleAmount.read(value, "above", rule).map(AboveCriterion::of);
          });

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
