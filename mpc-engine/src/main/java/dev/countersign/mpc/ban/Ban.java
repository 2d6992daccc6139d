package dev.countersign.mpc.ban;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.SessionId;
import java.util.Arrays;
import java.util.Optional;

/// That a party is not worked with any longer, by whatever number it comes. What was made with it
/// for later use, such as its base oblivious transfers, is discarded with this.
///
/// @param party by which number it took part
/// @param identity who
/// @param why what it did
/// @param since the session in which it did it
public record Ban(Party party, PeerIdentity identity, Cause why, SessionId since) {

  /// What a party is banned for: each of these may have told it a bit of a secret, so that doing
  /// it again and again would tell all of it.
  public enum Cause {
    /// The consistency check of an oblivious transfer extension did not hold.
    OBLIVIOUS_TRANSFER(1),
    /// A check of the multiplication did not hold.
    MULTIPLICATION(2),
    /// What it opened, or a key or nonce of its own, does not go with the multiplication.
    CONSISTENCY(3),
    /// An operator has banned it.
    OPERATOR(4);

    private final int code;

    Cause(int code) {
      this.code = code;
    }

    /// Its number in stored bytes.
    int code() {
      return code;
    }

    static Optional<Cause> of(int code) {
      return Arrays.stream(values()).filter(cause -> cause.code == code).findFirst();
    }
  }
}
