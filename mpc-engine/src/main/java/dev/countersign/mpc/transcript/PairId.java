package dev.countersign.mpc.transcript;

import dev.countersign.mpc.Party;

/// One direction between two parties of a session.
///
/// @param session of which run
/// @param from the first of the two, as the protocol has its roles
/// @param to the second
public record PairId(SessionId session, Party from, Party to) {
  public PairId {
    if (from.equals(to)) {
      throw new IllegalArgumentException("expected two parties, got %s twice".formatted(from));
    }
  }

  static PairId of(SessionId session, Party from, Party to) {
    return new PairId(session, from, to);
  }

  /// The same two in the opposite direction.
  public PairId reversed() {
    return new PairId(session, to, from);
  }

  /// 32 bytes.
  public byte[] bytes() {
    return Transcript.of("pair").add("session", session).add("from", from).add("to", to).digest();
  }
}
