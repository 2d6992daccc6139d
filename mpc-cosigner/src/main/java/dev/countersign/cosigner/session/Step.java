package dev.countersign.cosigner.session;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.Ban;
import java.util.Map;

/// One round of a session: one message to each of the others, one of each of them.
///
/// @param messages for each of the others
/// @param receive what becomes of theirs
/// @param blame what a peer is banned for that fails a check of this round
/// @param secrets wiped when the session ends here
record Step(Map<Party, byte[]> messages, Receive receive, Ban.Cause blame, Secrets secrets) {

  /// What comes of a round.
  interface Receive {
    Advance with(Map<Party, byte[]> messages) throws ProtocolAbortException;
  }

  /// What a round holds.
  interface Secrets extends AutoCloseable {
    @Override
    void close();
  }

  /// The next round, or the end.
  sealed interface Advance {
    record Next(Step step) implements Advance {}

    record Done(SessionOutcome outcome) implements Advance {}
  }

  static Step of(Map<Party, byte[]> messages, Secrets secrets, Receive receive) {
    return new Step(messages, receive, Ban.Cause.CONSISTENCY, secrets);
  }

  /// A round of oblivious transfer.
  static Step transfer(Map<Party, byte[]> messages, Secrets secrets, Receive receive) {
    return new Step(messages, receive, Ban.Cause.OBLIVIOUS_TRANSFER, secrets);
  }
}
