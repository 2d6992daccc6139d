package dev.countersign.mpc.share;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import java.util.Collection;

/// How values of a polynomial at some parties make its value elsewhere.
public final class Lagrange {
  private Lagrange() {}

  /// What the value at `party` is multiplied by so that the sum over all of `parties` is the value
  /// at zero.
  ///
  /// @param parties each once, `party` among them
  public static Scalar coefficient(ScalarField field, Collection<Party> parties, Party party) {
    return coefficient(field, parties, party, field.zero());
  }

  /// The same for the value at any place.
  public static Scalar coefficient(
      ScalarField field, Collection<Party> parties, Party party, Scalar at) {
    if (parties.stream().filter(party::equals).count() != 1
        || parties.stream().distinct().count() != parties.size()) {
      throw new IllegalArgumentException(
          "expected each party once and %s among them, got %s".formatted(party, parties));
    }
    Scalar numerator = field.one();
    Scalar denominator = field.one();
    Scalar own = field.of(party.number());
    for (Party other : parties) {
      if (!other.equals(party)) {
        Scalar place = field.of(other.number());
        numerator = numerator.times(at.minus(place));
        denominator = denominator.times(own.minus(place));
      }
    }
    return numerator.times(denominator.inverse());
  }
}
