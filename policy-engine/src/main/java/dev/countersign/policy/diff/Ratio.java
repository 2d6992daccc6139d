package dev.countersign.policy.diff;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// How one number compares with another, for people.
final class Ratio {
  private static final BigDecimal DOUBLE = BigDecimal.valueOf(2);
  private static final int PERCENT = 100;
  private static final int DIGITS = 4;

  private Ratio() {}

  /// ` (10x more)`, ` (20% less)`; empty where there is nothing to compare with.
  static String text(BigInteger before, BigInteger after) {
    if (before.signum() <= 0 || after.signum() <= 0 || before.equals(after)) {
      return "";
    }
    boolean more = after.compareTo(before) > 0;
    BigDecimal times =
        new BigDecimal(before.max(after))
            .divide(new BigDecimal(before.min(after)), DIGITS, RoundingMode.HALF_UP);
    String much =
        times.compareTo(DOUBLE) >= 0
            ? plain(times.setScale(1, RoundingMode.HALF_UP)) + "x"
            : percent(before, after) + "%";
    return " (" + much + (more ? " more)" : " less)");
  }

  private static String percent(BigInteger before, BigInteger after) {
    BigDecimal part =
        new BigDecimal(after.subtract(before).abs().multiply(BigInteger.valueOf(PERCENT)))
            .divide(new BigDecimal(before), 1, RoundingMode.HALF_UP);
    return part.signum() == 0 ? "less than 0.1" : plain(part);
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
