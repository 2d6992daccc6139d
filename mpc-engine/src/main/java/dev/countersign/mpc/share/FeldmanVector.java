package dev.countersign.mpc.share;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import java.util.ArrayList;
import java.util.List;

/// Each coefficient of a secret polynomial times the generator, the constant first: as many as the
/// threshold. Only the constant may be the identity, and whoever takes a vector says whether it is.
///
/// @param points as many as the threshold, from 2 to 9
/// @param <P> points of the group
public record FeldmanVector<P extends Point<P>>(Group<P> group, List<P> points) {
  public FeldmanVector {
    points = List.copyOf(points);
    if (points.size() < 2 || points.size() > Party.MOST) {
      throw new IllegalArgumentException(
          "expected 2 to %d commitments, got %d".formatted(Party.MOST, points.size()));
    }
    if (points.stream().skip(1).anyMatch(Point::isIdentity)) {
      throw new IllegalArgumentException("the commitment to a coefficient is the identity");
    }
  }

  public int threshold() {
    return points.size();
  }

  /// What is shared, times the generator.
  public P constant() {
    return points.getFirst();
  }

  /// The share of the party, times the generator.
  public P at(Party party) {
    Scalar place = group.scalars().of(party.number());
    List<Scalar> powers = new ArrayList<>();
    Scalar power = group.scalars().one();
    for (int i = 0; i < points.size(); i++) {
      powers.add(power);
      power = power.times(place);
    }
    return group.sumOfProducts(points, powers);
  }

  /// Whether this is the party's share.
  public boolean holds(Party party, Scalar share) {
    return group.generate(share).equals(at(party));
  }
}
