package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Amounts as policies write them and answers show them. Exact: what is not a whole number of the
/// smallest unit is refused, never rounded.
public final class AmountText {
  public static final String FORM_NATIVE =
      "a whole number of wei, or a number with a unit such as 1.5 ether, 30 gwei";
  public static final String FORM_TOKEN = "a whole number of the token's smallest unit";

  private static final Pattern FORM =
      Pattern.compile("((?:0|[1-9][0-9]{0,77})(?:\\.[0-9]{1,18})?)(?: (wei|gwei|ether))?");
  private static final int ETHER_DECIMALS = 18;
  private static final int GWEI_DECIMALS = 9;
  private static final int BITS = 256;

  private AmountText() {}

  /// Reads an amount of a native asset, in wei.
  ///
  /// @throws InvalidValueException when it is another form, not a whole number of wei, or above
  /// 2^256-1
  public static BigInteger parseNative(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw InvalidValueException.of("amount", text, FORM_NATIVE);
    }
    return whole(text, matcher.group(1), decimals(matcher.group(2)), FORM_NATIVE);
  }

  /// Reads an amount of a token: without decimals, which a token declares where policy cannot see.
  public static BigInteger parseToken(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || matcher.group(2) != null) {
      throw InvalidValueException.of("amount", text, FORM_TOKEN);
    }
    return whole(text, matcher.group(1), 0, FORM_TOKEN);
  }

  private static int decimals(@Nullable String unit) {
    return switch (unit) {
      case "ether" -> ETHER_DECIMALS;
      case "gwei" -> GWEI_DECIMALS;
      case null, default -> 0;
    };
  }

  private static BigInteger whole(String text, String number, int decimals, String form) {
    BigDecimal scaled = new BigDecimal(number).movePointRight(decimals).stripTrailingZeros();
    if (scaled.scale() > 0) {
      throw InvalidValueException.of("amount", text, form);
    }
    BigInteger amount = scaled.toBigIntegerExact();
    if (amount.bitLength() > BITS) {
      throw InvalidValueException.of("amount", text, "at most 2^256-1");
    }
    return amount;
  }

  /// An amount for people: `1500000000000000000 wei (1.5 ether)`, or a bare number of a token.
  static String show(BigInteger amount, boolean isNative) {
    if (!isNative) {
      return amount.toString();
    }
    String ether = new BigDecimal(amount, ETHER_DECIMALS).stripTrailingZeros().toPlainString();
    return amount.signum() == 0 ? "0 wei" : amount + " wei (" + ether + " ether)";
  }
}
