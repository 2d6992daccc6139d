package dev.countersign.mpc.broadcast;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// Broadcast with abort, by echoes: after a round everybody tells everybody a hash of all that it
/// got. Goldwasser and Lindell, Secure multi-party computation without agreement, 2005, section
/// 3.1. Where a sender told two honest parties different things, their echoes differ, so that every
/// honest party sees an echo other than its own. Who it was cannot be told from that.
public final class EchoBroadcast {
  public static final int BYTES = 32;

  private final byte[] own;

  private EchoBroadcast(byte[] own) {
    this.own = own;
  }

  /// @param round its name within the session
  /// @param values what each sender said, this party's own among them
  public static EchoBroadcast of(SessionId session, String round, SortedMap<Party, byte[]> values) {
    Transcript transcript =
        Transcript.of("echo")
            .add("session", session)
            .add("round", round)
            .addParties("senders", values.keySet());
    values.forEach((party, value) -> transcript.add("value", value));
    return new EchoBroadcast(transcript.digest());
  }

  /// What this party tells the others, 32 bytes.
  public byte[] echo() {
    return own.clone();
  }

  /// @param echoes of all the others
  /// @throws ProtocolAbortException with MISMATCH when not all saw the same; it names nobody
  public void check(Map<Party, byte[]> echoes) throws ProtocolAbortException {
    for (Map.Entry<Party, byte[]> echo : echoes.entrySet()) {
      if (!MessageDigest.isEqual(own, echo.getValue())) {
        throw new ProtocolAbortException(
            Reason.MISMATCH,
            Optional.empty(),
            "%s has seen other messages than this party".formatted(echo.getKey()));
      }
    }
  }
}
