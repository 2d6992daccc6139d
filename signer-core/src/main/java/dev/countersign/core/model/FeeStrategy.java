package dev.countersign.core.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/// How much of what the market takes now a transaction offers. What each comes to is the chain's
/// definition's to say; no strategy ever offers less than the one before it.
public enum FeeStrategy {
  /// It may take a while.
  ECONOMY("economy"),
  /// In one of the next blocks.
  NORMAL("normal"),
  /// In the next block, also while prices rise.
  URGENT("urgent"),
  /// The cap itself as the maximum fee, of which the chain takes what it needs, and the tip of
  /// [#NORMAL]. Where one gas price is paid in full, the price of [#NORMAL] up to the cap.
  FIXED_CAP("fixed-cap");

  private final String text;

  FeeStrategy(String text) {
    this.text = text;
  }

  /// As definitions, statements and the command line write it.
  public String text() {
    return text;
  }

  /// @throws InvalidValueException when there is none of that name
  public static FeeStrategy parse(String text) {
    return Arrays.stream(values())
        .filter(strategy -> strategy.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidValueException.of(
                    "fee strategy",
                    text,
                    Arrays.stream(values())
                        .map(FeeStrategy::text)
                        .collect(Collectors.joining(", "))));
  }
}
