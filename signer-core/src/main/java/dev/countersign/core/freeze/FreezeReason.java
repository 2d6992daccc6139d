package dev.countersign.core.freeze;

import dev.countersign.core.model.InvalidValueException;

/// Why something was frozen: one line for people, which approvers sign when they lift it. So it has
/// no character that is not shown, or that changes the direction of writing.
public record FreezeReason(String value) {
  /// The most characters, in UTF-16 units.
  public static final int LONGEST = 500;

  /// @throws InvalidValueException when it is empty, too long or not one line of shown characters
  public FreezeReason {
    if (value.isBlank()
        || value.length() > LONGEST
        || !value.equals(value.strip())
        || value.codePoints().anyMatch(FreezeReason::isHidden)) {
      throw InvalidValueException.of(
          "reason",
          value,
          "1 to %d characters on one line, without control or invisible ones, or spaces at the ends"
              .formatted(LONGEST));
    }
  }

  /// However long the words are: a freeze does not fail for want of room.
  public static FreezeReason cut(String words) {
    return new FreezeReason(
        words.length() <= LONGEST ? words : words.substring(0, LONGEST - 1).strip() + "…");
  }

  private static boolean isHidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return value;
  }
}
