package dev.countersign.core.typeddata;

/// Text from outside, cut to what a message can hold.
final class Shown {
  private static final int MOST = 80;

  private Shown() {}

  static String of(String text) {
    return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
  }
}
