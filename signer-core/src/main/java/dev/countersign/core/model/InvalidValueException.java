package dev.countersign.core.model;

/// A value from outside that cannot be: says which, what was given and what is expected.
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 80;

  private final String what;
  private final String expected;

  private InvalidValueException(String what, String given, String expected) {
    super("%s: expected %s, got %s".formatted(what, expected, given));
    this.what = what;
    this.expected = expected;
  }

  public static InvalidValueException of(String what, String given, String expected) {
    String shown = given.length() <= SHOWN ? given : given.substring(0, SHOWN) + "…";
    return new InvalidValueException(what, "\"" + shown + "\"", expected);
  }

  /// The kind of value that was refused, such as `address`.
  public String what() {
    return what;
  }

  /// The form that would have been taken.
  public String expected() {
    return expected;
  }
}
