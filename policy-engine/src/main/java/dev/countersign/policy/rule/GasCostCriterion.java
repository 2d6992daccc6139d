package dev.countersign.policy.rule;

import java.math.BigInteger;

/// `maximumGasCost`: the most that gas may cost, which is the maximum fee per gas times the gas
/// limit, in wei. It comes on top of what `maximum` and `limits` count.
public record GasCostCriterion(BigInteger maximum, String expected)
    implements TransactionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "maximumGasCost",
          CriterionKind.Presence.ONLY_WHEN_ALLOWING,
          AmountText.FORM_NATIVE,
          (value, rule) ->
              RuleAmount.readWei(value, "maximumGasCost", rule).map(GasCostCriterion::of));

  private static GasCostCriterion of(BigInteger maximum) {
    return new GasCostCriterion(maximum, "at most " + AmountText.show(maximum, true));
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedTransaction transaction) {
    return transaction.gasCost().compareTo(maximum) <= 0;
  }

  @Override
  public String observed(JudgedTransaction transaction) {
    return AmountText.show(transaction.gasCost(), true);
  }
}
