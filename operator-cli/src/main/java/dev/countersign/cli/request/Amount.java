package dev.countersign.cli.request;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An amount as people write it: `250000`, the smallest unit, or with a unit: `0.25ether`, `3gwei`.
/// Exact: nothing is rounded.
///
/// @param value in the smallest unit
public record Amount(BigInteger value) {
  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(ether|gwei|wei)?");
  private static final Map<String, Integer> DECIMALS = Map.of("ether", 18, "gwei", 9, "wei", 0);
  private static final BigDecimal ONE_ETHER = BigDecimal.TEN.pow(18);

  static Amount parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not an amount such as 250000 (the smallest unit), 0.25ether or 3gwei");
    }
    int decimals = parts.group(2) == null ? 0 : DECIMALS.getOrDefault(parts.group(2), 0);
    try {
      var value = new BigDecimal(parts.group(1)).movePointRight(decimals).toBigIntegerExact();
      return new Amount(value);
    } catch (ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' has more than " + decimals + " decimals");
    }
  }

  /// {@return an amount of wei in ether, without zeros at the end: `0.25`}
  public static String inEther(String wei) {
    var ether = new BigDecimal(wei).divide(ONE_ETHER).stripTrailingZeros();
    return ether.toPlainString();
  }

  /// Reads the amounts on a command line.
  public static final class Converter implements ITypeConverter<Amount> {
    @Override
    public Amount convert(String text) {
      return parse(text);
    }
  }
}
