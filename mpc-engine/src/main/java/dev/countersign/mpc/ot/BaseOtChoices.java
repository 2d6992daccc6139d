package dev.countersign.mpc.ot;

import dev.countersign.mpc.group.Secp256k1Point;
import java.util.List;

/// What the receiver of 128 base OTs sends: two points of each, of which it knows the logarithm of
/// one after it is unblinded.
///
/// @param points those of OT 0, then those of OT 1 and so on, each for bit 0 and for bit 1
public record BaseOtChoices(List<Secp256k1Point> points) {
  public static final int POINTS = 2 * BaseOt.COUNT;

  public BaseOtChoices {
    points = List.copyOf(points);
    if (points.size() != POINTS) {
      throw new IllegalArgumentException(
          "expected %d points, got %d".formatted(POINTS, points.size()));
    }
  }

  Secp256k1Point point(int index, int bit) {
    return points.get(2 * index + bit);
  }
}
