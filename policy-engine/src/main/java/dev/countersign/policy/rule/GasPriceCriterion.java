package dev.countersign.policy.rule;

import java.math.BigInteger;

/// `maximumGasPrice`: the most that a unit of gas may cost, base fee and tip together, in wei.
public record GasPriceCriterion(BigInteger maximum, String expected) implements ActionCriterion {
  static final String KEY = "maximumGasPrice";

  static final CriterionKind KIND =
      new CriterionKind(
          KEY,
          CriterionKind.Presence.ONLY_WHEN_ALLOWING,
          AmountText.FORM_NATIVE,
          (value, rule) -> RuleAmount.readWei(value, KEY, rule).map(GasPriceCriterion::of));

  private static GasPriceCriterion of(BigInteger maximum) {
    return new GasPriceCriterion(maximum, "at most " + AmountText.show(maximum, true));
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public boolean holds(JudgedAction action) {
    return action.gasPrice().compareTo(maximum) <= 0;
  }

  @Override
  public String observed(JudgedAction action) {
    return AmountText.show(action.gasPrice(), true);
  }
}
