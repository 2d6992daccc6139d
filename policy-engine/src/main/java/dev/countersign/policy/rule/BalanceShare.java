package dev.countersign.policy.rule;

import dev.countersign.core.port.Balance;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A part of what the wallet's account has, such as `5% of balance`. Compared by multiplying, so
/// that nothing is rounded.
///
/// @param percent above 0, at most 100
public record BalanceShare(BigDecimal percent) {
  static final String FORM = "a percentage such as 0.5% of balance, at most 100";
  private static final Pattern WRITTEN = Pattern.compile("(.*)% of balance");
  private static final Pattern PERCENT = Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.[0-9]{1,4})?");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /// Whether that is what stands there, right or wrong.
  public static boolean isWritten(YamlNode value) {
    return value instanceof Scalar text && WRITTEN.matcher(text.text()).matches();
  }

  /// @return nothing, after noting why, when it is another form
  static Optional<BalanceShare> read(YamlNode value, String key, RuleContext rule) {
    if (AssetCriterion.only(rule).isEmpty()) {
      rule.problem(
          value.at(), key, "a balance is of one asset: expected `assets` to list exactly one");
      return Optional.empty();
    }
    Optional<BalanceShare> read =
        value instanceof Scalar text ? parse(text.text()) : Optional.empty();
    if (read.isEmpty()) {
      rule.problem(value.at(), key, "expected " + FORM + ", got " + value.kind());
    }
    return read;
  }

  /// @return nothing when it is another form
  public static Optional<BalanceShare> parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches() || !PERCENT.matcher(written.group(1)).matches()) {
      return Optional.empty();
    }
    BigDecimal percent = new BigDecimal(written.group(1));
    return percent.signum() > 0 && percent.compareTo(HUNDRED) <= 0
        ? Optional.of(new BalanceShare(percent))
        : Optional.empty();
  }

  /// Whether an action moves at most this part; nothing when nobody knows the balance, as of
  /// another account than the wallet's own.
  Optional<Boolean> covers(JudgedAction action) {
    return balance(action).map(balance -> covers(action.amount(), balance.amount()));
  }

  /// Whether `amount` is at most this part of `balance`.
  public boolean covers(BigInteger amount, BigInteger balance) {
    return new BigDecimal(amount)
            .multiply(HUNDRED)
            .compareTo(percent.multiply(new BigDecimal(balance)))
        <= 0;
  }

  static String observed(JudgedAction action) {
    return AmountText.show(action.amount(), action.asset().isNative())
        + balance(action)
            .map(
                balance ->
                    " of a balance of %s at %s"
                        .formatted(
                            AmountText.show(balance.amount(), action.asset().isNative()),
                            balance.at()))
            .orElse(", and no balance is known");
  }

  private static Optional<Balance> balance(JudgedAction action) {
    return action.owner().equals(action.subject().account())
        ? action.subject().balance(action.asset())
        : Optional.empty();
  }

  @Override
  public String toString() {
    return percent.toPlainString() + "% of balance";
  }
}
