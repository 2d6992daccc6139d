package dev.countersign.mpc.key;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Point;
import java.util.Map;
import java.util.TreeMap;

/// What all know of a key in shares.
///
/// @param threshold how many parties sign
/// @param point the public key
/// @param shares each party's share times the generator
/// @param <P> points of the group
public record GroupKey<P extends Point<P>>(int threshold, P point, Map<Party, P> shares) {
  public GroupKey {
    shares = Map.copyOf(new TreeMap<>(shares));
    if (threshold < 2 || threshold > shares.size()) {
      throw new IllegalArgumentException(
          "expected a threshold from 2 to %d parties, got %d".formatted(shares.size(), threshold));
    }
  }
}
