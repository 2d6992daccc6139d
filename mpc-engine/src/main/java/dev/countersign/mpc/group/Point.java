package dev.countersign.mpc.group;

/// A point of a group of prime order.
///
/// @param <P> points of the same group
public interface Point<P extends Point<P>> {

  P plus(P other);

  P negated();

  /// Takes the same time whatever the scalar is: for one that is secret.
  P times(Scalar scalar);

  /// For a scalar that everybody may know.
  P timesPublic(Scalar scalar);

  boolean isIdentity();

  /// As the group's standard has it.
  ///
  /// @throws ArithmeticException for the identity, which never is on the wire
  byte[] encode();
}
