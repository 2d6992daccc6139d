package dev.countersign.cli.balance;

import dev.countersign.api.v1.BalanceObservation;

/// What a difference from what was expected means.
final class DifferenceWords {
  private DifferenceWords() {}

  static String of(BalanceObservation observed) {
    String difference = observed.getDifference();
    if (difference.isEmpty()) {
      return "first seen";
    }
    if (difference.equals("0")) {
      return "explained";
    }
    return difference.startsWith("-")
        ? difference.substring(1) + " UNEXPLAINED"
        : difference + " came in";
  }
}
