package dev.countersign.policy.yaml;

/// Text from outside, fit for a message.
public final class Shown {
  private static final int MOST = 80;

  private Shown() {}

  /// At most 80 characters, without control characters.
  public static String text(String text) {
    String cut = text.length() <= MOST ? text : text.substring(0, MOST) + "…";
    return cut.replaceAll("\\p{C}", "?");
  }
}
