package dev.countersign.policy.rule;

import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.price.Quotation;
import dev.countersign.policy.price.Valuation;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What of a transaction a limit counts: one entry of its `counts`.
public enum Counted {
  /// What leaves the wallet besides gas.
  VALUE,
  /// The most that gas may cost, in wei of the chain's native asset.
  GAS,
  /// That it happens: one for each action, however much it moves.
  ACTIONS;

  static Counted parse(String text) {
    return Arrays.stream(values())
        .filter(counted -> counted.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidValueException.of(
                    "counts",
                    text,
                    "one of "
                        + Arrays.stream(values())
                            .map(Counted::toString)
                            .collect(Collectors.joining(", "))));
  }

  BigInteger of(JudgedAction action) {
    return switch (this) {
      case VALUE -> action.amount();
      case GAS -> action.gasCost();
      case ACTIONS -> BigInteger.ONE;
    };
  }

  /// The same in a currency.
  Valuation worth(JudgedAction action, Quotation in) {
    return switch (this) {
      case VALUE -> action.worth(in.currency(), in.terms());
      case GAS -> action.gasWorth(in.currency(), in.terms());
      case ACTIONS -> throw new IllegalStateException("actions are worth nothing");
    };
  }

  /// As policies write it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
