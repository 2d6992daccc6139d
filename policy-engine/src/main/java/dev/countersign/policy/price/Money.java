package dev.countersign.policy.price;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.price.CurrencyCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of a currency as policies write it: `50000 USD`. Exact.
///
/// @param amount 0 or more, at most 30 digits before the point and 18 after it
public record Money(BigDecimal amount, CurrencyCode currency) {
  public static final String FORM = "an amount of a currency such as 50000 USD";

  /// The unit that limits count in is 10^-18 of a currency.
  public static final int SCALE = 18;

  private static final Pattern WRITTEN =
      Pattern.compile("((?:0|[1-9][0-9]{0,29})(?:\\.[0-9]{1,18})?) ([A-Z]{3,5})");
  private static final Pattern MEANT = Pattern.compile("\\S* +\\S*[A-Z]\\S*");

  /// More than any limit: what is worth more counts as this.
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  /// Whether that is what stands there, right or wrong: no unit of an asset has a capital letter.
  public static boolean isMeant(String text) {
    return MEANT.matcher(text).matches();
  }

  /// @throws InvalidValueException when it is another form
  public static Money parse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      throw InvalidValueException.of("amount", text, FORM);
    }
    return new Money(new BigDecimal(matcher.group(1)), new CurrencyCode(matcher.group(2)));
  }

  /// In 10^-18 of the currency.
  public BigInteger units() {
    return amount.movePointRight(SCALE).toBigIntegerExact();
  }

  /// What something is worth, in the unit of limits; rounded up, so that what is counted is never
  /// less than what left.
  ///
  /// @param worth 0 or more
  public static BigInteger unitsOf(BigDecimal worth) {
    // Compared first: the digits of the number are then few.
    return worth.compareTo(new BigDecimal(MOST, SCALE)) >= 0
        ? MOST
        : worth.movePointRight(SCALE).setScale(0, RoundingMode.CEILING).toBigIntegerExact();
  }

  /// An amount in the unit of limits, for people: `50000 USD`.
  public static String show(BigInteger units, CurrencyCode currency) {
    return show(new BigDecimal(units, SCALE), currency);
  }

  public static String show(BigDecimal amount, CurrencyCode currency) {
    String plain = amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    return plain + " " + currency;
  }

  @Override
  public String toString() {
    return show(amount, currency);
  }
}
