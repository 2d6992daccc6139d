package dev.countersign.mpc.keygen;

import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.share.Polynomial;

/// What a dealer deals. Closing it wipes its polynomial.
///
/// @param <P> points of the group
record OwnDealing<P extends Point<P>>(Polynomial polynomial, Opening<P> opening)
    implements AutoCloseable {

  @Override
  public void close() {
    polynomial.close();
  }

  @Override
  public String toString() {
    return "a dealing";
  }
}
