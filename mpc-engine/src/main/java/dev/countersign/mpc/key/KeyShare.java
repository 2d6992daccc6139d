package dev.countersign.mpc.key;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;

/// What one party holds of a key. It has no text form beyond whose it is.
///
/// @param party whose it is
/// @param secret its value of the polynomial
/// @param key what all know of the key
/// @param <P> points of the group
public record KeyShare<P extends Point<P>>(Party party, Scalar secret, GroupKey<P> key) {
  public KeyShare {
    if (!key.shares().containsKey(party)) {
      throw new IllegalArgumentException("the key has no %s".formatted(party));
    }
  }

  @Override
  public String toString() {
    return "the key share of " + party;
  }
}
