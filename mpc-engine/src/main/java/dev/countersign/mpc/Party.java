package dev.countersign.mpc;

import java.util.List;
import java.util.stream.IntStream;

/// One holder of a share, by the number at which its share is the value of the secret polynomial.
///
/// @param number from 1 to 9; never zero, where the key itself is
public record Party(int number) implements Comparable<Party> {
  public static final int MOST = 9;

  public Party {
    if (number < 1 || number > MOST) {
      throw new IllegalArgumentException(
          "expected a party from 1 to %d, got %d".formatted(MOST, number));
    }
  }

  /// The first `count` parties.
  public static List<Party> first(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Party::new).toList();
  }

  @Override
  public int compareTo(Party other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return "party " + number;
  }
}
