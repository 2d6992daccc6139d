package dev.countersign.mpc.group;

import java.util.List;

/// A group of prime order.
///
/// @param <P> its points
public interface Group<P extends Point<P>> {

  ScalarField scalars();

  /// How many bytes an encoded point has.
  int pointBytes();

  P identity();

  P generator();

  /// The scalar times the generator. Takes the same time whatever the scalar is.
  P generate(Scalar scalar);

  /// Reads what [Point#encode] writes, and nothing else.
  ///
  /// @throws MalformedElementException for what is not a point, the identity, and on curves with a
  /// cofactor what is outside the subgroup of prime order
  P decode(byte[] encoded) throws MalformedElementException;

  /// The sum of each point times its scalar; all of them are public.
  default P sumOfProducts(List<P> points, List<Scalar> scalars) {
    P sum = identity();
    for (int i = 0; i < points.size(); i++) {
      sum = sum.plus(points.get(i).timesPublic(scalars.get(i)));
    }
    return sum;
  }
}
