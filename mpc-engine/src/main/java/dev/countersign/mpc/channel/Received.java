package dev.countersign.mpc.channel;

import java.util.Arrays;

/// What comes of bytes that came in for a channel.
public sealed interface Received {

  /// The peer has sent this, in this session and once.
  ///
  /// @param sequence its number among the peer's messages, from 0
  /// @param payload what it says
  @SuppressWarnings("ArrayRecordComponent") // from here on the receiver's own, who wipes it
  record Message(long sequence, byte[] payload) implements Received {
    @Override
    public boolean equals(Object object) {
      return object instanceof Message other
          && sequence == other.sequence
          && Arrays.equals(payload, other.payload);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(sequence);
    }

    @Override
    public String toString() {
      return "message %d of %d bytes".formatted(sequence, payload.length);
    }
  }

  /// It changes nothing: whoever is on the line can send it, so nobody is blamed and no session
  /// ends.
  ///
  /// @param why for a log
  record Ignored(Cause why) implements Received {}

  /// Why bytes were ignored.
  enum Cause {
    /// They are no message.
    UNREADABLE,
    /// They are for another session, peer or direction.
    ELSEWHERE,
    /// The peer has not made them.
    UNAUTHENTICATED,
    /// They have come before.
    REPLAYED
  }
}
