package dev.countersign.mpc.frost;

import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;

/// A group and the hashes that go with it, by RFC 9591 section 6.
///
/// @param <P> points of the group
public interface Ciphersuite<P extends Point<P>> {

  Group<P> group();

  /// H1: binds a nonce to what is signed and by whom.
  Scalar bindingFactor(byte[] input);

  /// H2, of what the suite has in it: the challenge of a signature.
  Scalar challenge(P commitment, P groupKey, byte[] message);

  /// H3: a nonce, from random bytes and the key share.
  Scalar nonce(byte[] input);

  /// H4.
  byte[] messageHash(byte[] message);

  /// H5.
  byte[] commitmentsHash(byte[] commitments);

  /// Whether the parties sign with the opposite of their nonces or shares where this is the sum of
  /// them: where a standard has points by x alone, whose y is then the even one.
  boolean isNegated(P sum);

  /// The bytes of a signature.
  byte[] encode(P commitment, Scalar response);
}
