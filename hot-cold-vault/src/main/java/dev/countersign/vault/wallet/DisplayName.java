package dev.countersign.vault.wallet;

import dev.countersign.core.model.InvalidValueException;
import java.util.regex.Pattern;

/// What people call a vault or a wallet. Free text that fits on a line; nothing is found by it.
final class DisplayName {
  private static final Pattern FORM = Pattern.compile("[^\\p{Cntrl}]{1,100}");

  private DisplayName() {}

  /// @throws InvalidValueException when it is empty, long, or has control characters or outer space
  static void check(String what, String value) {
    if (!FORM.matcher(value).matches() || !value.equals(value.strip())) {
      throw InvalidValueException.of(
          what, value, "1 to 100 characters on one line, with no space at either end");
    }
  }
}
