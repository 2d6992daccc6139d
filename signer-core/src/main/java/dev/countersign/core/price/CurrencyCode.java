package dev.countersign.core.price;

import dev.countersign.core.model.InvalidValueException;
import java.util.regex.Pattern;

/// A currency by its code, such as `USD` (ISO 4217, or another code of three to five letters that
/// feeds and policies agree on).
public record CurrencyCode(String value) implements Comparable<CurrencyCode> {
  public static final String FORM = "3 to 5 capital letters such as USD";
  private static final Pattern WRITTEN = Pattern.compile("[A-Z]{3,5}");

  public CurrencyCode {
    if (!WRITTEN.matcher(value).matches()) {
      throw InvalidValueException.of("currency", value, FORM);
    }
  }

  @Override
  public int compareTo(CurrencyCode other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
