package dev.countersign.mpc.frost;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Point;

/// What a party tells in the first round. RFC 9591 section 5.1.
///
/// @param party whose it is
/// @param hiding the commitment to its hiding nonce
/// @param binding the commitment to its binding nonce
/// @param <P> points of the group
public record NonceCommitment<P extends Point<P>>(Party party, P hiding, P binding) {
  public NonceCommitment {
    if (hiding.isIdentity() || binding.isIdentity()) {
      throw new IllegalArgumentException("the commitment of %s is the identity".formatted(party));
    }
  }
}
