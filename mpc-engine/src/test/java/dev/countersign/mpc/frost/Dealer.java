package dev.countersign.mpc.frost;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.key.GroupKey;
import dev.countersign.mpc.key.KeyShare;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Shares of a key that a test knows whole.
final class Dealer {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Dealer() {}

  static <P extends Point<P>> List<KeyShare<P>> deal(
      Ciphersuite<P> suite, int threshold, int count) {
    List<Scalar> polynomial = new ArrayList<>();
    for (int i = 0; i < threshold; i++) {
      polynomial.add(suite.group().scalars().random(RANDOM));
    }
    Map<Party, Scalar> secrets = new HashMap<>();
    Map<Party, P> publics = new HashMap<>();
    for (Party party : Party.first(count)) {
      Scalar at = suite.group().scalars().of(party.number());
      Scalar value = suite.group().scalars().zero();
      for (Scalar coefficient : polynomial.reversed()) {
        value = value.times(at).plus(coefficient);
      }
      secrets.put(party, value);
      publics.put(party, suite.group().generate(value));
    }
    GroupKey<P> key =
        new GroupKey<>(threshold, suite.group().generate(polynomial.getFirst()), publics);
    return Party.first(count).stream()
        .map(
            party ->
                new KeyShare<>(
                    party, secrets.getOrDefault(party, suite.group().scalars().zero()), key))
        .toList();
  }
}
