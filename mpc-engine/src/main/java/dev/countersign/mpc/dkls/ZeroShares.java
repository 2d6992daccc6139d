package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.util.Arrays;
import java.util.Collection;

/// Random shares of zero, functionality 3.4 of DKLs23: each two parties hash the session with the
/// seed that they have in common; the lower one adds what comes out, the higher one takes it away.
final class ZeroShares {
  private ZeroShares() {}

  /// This party's share of one session, which the caller wipes.
  ///
  /// @param setups those with every other party of the session
  /// @throws ProtocolAbortException with REUSE when one of them is closed
  static Scalar share(SessionId session, Party own, Collection<PairSetup> setups)
      throws ProtocolAbortException {
    Scalar share = ScalarField.SECP256K1.zero();
    for (PairSetup setup : setups) {
      byte[] seed = setup.zeroSeed();
      Scalar common =
          Transcript.of("zero share").add("seed", seed).add("session", session).secp256k1Scalar();
      Arrays.fill(seed, (byte) 0);
      Scalar sum = own.compareTo(setup.peer()) < 0 ? share.plus(common) : share.minus(common);
      share.wipe();
      common.wipe();
      share = sum;
    }
    return share;
  }
}
