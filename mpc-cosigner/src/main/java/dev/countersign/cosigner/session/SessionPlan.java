package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.transcript.SessionId;

/// What differs between sessions.
///
/// @param begin the first round, once there are channels
/// @param release when the session is over
record SessionPlan(Frame frame, Begin begin, Runnable release) {

  /// What goes into the name of the session.
  ///
  /// @param keygen 32 bytes
  record Frame(String protocol, long epoch, int threshold, Bytes keygen) {
    static Frame of(String protocol, EpochKey<Secp256k1Point> key) {
      return new Frame(
          protocol, key.epoch(), key.key().threshold(), Bytes.of(key.keygen().bytes()));
    }
  }

  interface Begin {
    Step with(SessionId name) throws ProtocolAbortException, SessionEndedException;
  }
}
