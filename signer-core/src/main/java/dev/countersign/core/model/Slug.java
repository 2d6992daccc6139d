package dev.countersign.core.model;

import java.util.regex.Pattern;

/// Names that people choose and policies quote. ASCII only, so that no two look alike.
public final class Slug {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Slug() {}

  /// @throws InvalidValueException when it is another form
  public static void check(String what, String value) {
    if (!FORM.matcher(value).matches()) {
      throw InvalidValueException.of(
          what, value, "1 to 63 of a-z, 0-9 and -, with no - at either end");
    }
  }
}
