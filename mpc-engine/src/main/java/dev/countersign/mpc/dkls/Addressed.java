package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The beginning of every message: its form, the session, from whom and to whom it is. What is for
/// another session, peer or direction is refused here, before any state is touched: somebody may
/// have sent an honest party's message again, so that nobody is blamed.
final class Addressed {
  /// The place of the receiver in what is for all.
  private static final int ALL = 0;

  private Addressed() {}

  static WireWriter writer(WireForm form, PairId direction) {
    return writer(form, direction.session(), direction.from(), direction.to().number());
  }

  /// For all parties of the session.
  static WireWriter writer(WireForm form, SessionId session, Party from) {
    return writer(form, session, from, ALL);
  }

  private static WireWriter writer(WireForm form, SessionId session, Party from, int to) {
    return new WireWriter(form).fixed(session.bytes()).party(from).u8(to);
  }

  static WireReader reader(WireForm form, PairId direction, byte[] message)
      throws ProtocolAbortException {
    return reader(form, direction.session(), direction.from(), direction.to().number(), message);
  }

  static WireReader reader(WireForm form, SessionId session, Party from, byte[] message)
      throws ProtocolAbortException {
    return reader(form, session, from, ALL, message);
  }

  private static WireReader reader(
      WireForm form, SessionId session, Party from, int to, byte[] message)
      throws ProtocolAbortException {
    WireReader in = new WireReader(form, message, Optional.of(from));
    boolean same = MessageDigest.isEqual(session.bytes(), in.fixed(SessionId.BYTES));
    int sender = in.u8();
    int receiver = in.u8();
    if (!same || sender != from.number() || receiver != to) {
      throw mismatch("a message of another session, sender or receiver in the place of " + from);
    }
    return in;
  }

  /// @throws ProtocolAbortException when there is not one message of each of the others
  static void from(Set<Party> others, Map<Party, byte[]> messages) throws ProtocolAbortException {
    if (!messages.keySet().equals(others)) {
      throw mismatch("messages of %s, expected those of %s".formatted(messages.keySet(), others));
    }
  }

  static ProtocolAbortException mismatch(String what) {
    return new ProtocolAbortException(Reason.MISMATCH, Optional.empty(), what);
  }
}
