package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.util.Collection;

/// Random shares of zero, functionality 3.4 of DKLs23: each two parties hash the session with the
/// seed that they have in common; the lower one adds what comes out, the higher one takes it away.
final class ZeroShares {
  private ZeroShares() {}

  /// This party's share of one session, which the caller wipes.
  ///
  /// @param setups those with every other party of the session
  static Scalar share(SessionId session, Party own, Collection<PairSetup> setups) {
    Scalar share = ScalarField.SECP256K1.zero();
    for (PairSetup setup : setups) {
      Scalar common =
          Transcript.of("zero share")
              .add("seed", setup.zeroSeed())
              .add("session", session)
              .secp256k1Scalar();
      Scalar sum = own.compareTo(setup.peer()) < 0 ? share.plus(common) : share.minus(common);
      share.wipe();
      common.wipe();
      share = sum;
    }
    return share;
  }
}
