package dev.countersign.policy.rule;

import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.math.BigInteger;
import java.util.Optional;

/// `maximumGasCost`: the most that gas may cost, which is the maximum fee per gas times the gas
/// limit, in wei. It comes on top of what `maximum` counts; limits may count it too. A rule that
/// allows says it, since whoever asks may choose the fees, and burn what is not capped.
public record GasCostCriterion(BigInteger maximum, String expected) implements ActionCriterion {
  static final CriterionKind KIND =
      new CriterionKind(
          "maximumGasCost",
          CriterionKind.Presence.ALWAYS_AND_ONLY_WHEN_ALLOWING,
          "any, or " + AmountText.FORM_NATIVE,
          (value, rule) ->
              value instanceof Scalar scalar && scalar.text().equals(ValueList.ANY)
                  ? Optional.empty()
                  : RuleAmount.readWei(value, "maximumGasCost", rule).map(GasCostCriterion::of));

  private static GasCostCriterion of(BigInteger maximum) {
    return new GasCostCriterion(maximum, "at most " + AmountText.show(maximum, true));
  }

  @Override
  public String key() {
    return KIND.key();
  }

  @Override
  public boolean holds(JudgedAction action) {
    return action.gasCost().compareTo(maximum) <= 0;
  }

  @Override
  public String observed(JudgedAction action) {
    return AmountText.show(action.gasCost(), true);
  }
}
