package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What does not change during one party's run, and how its messages are written: each begins with
/// the session.
///
/// @param held the party's share of the previous epoch, which stays its owner's
/// @param <P> points of the group
record DealingRun<P extends Point<P>>(
    DealingPlan<P> plan, Party self, Identity identity, Optional<EpochShare<P>> held) {

  boolean isDealer() {
    return plan.dealers().contains(self);
  }

  boolean isReceiver() {
    return plan.receivers().contains(self);
  }

  WireWriter write(WireForm form) {
    return new WireWriter(form).fixed(plan.session().bytes());
  }

  /// A message up to what comes after its session. Whoever is between the parties can send an
  /// honest party's message of another session again: nobody is blamed for one.
  WireReader read(WireForm form, Party sender, byte[] message) throws ProtocolAbortException {
    WireReader in = new WireReader(form, message, Optional.of(sender));
    SessionId session = SessionId.ofBytes(in.fixed(SessionId.BYTES));
    if (!session.equals(plan.session())) {
      throw new ProtocolAbortException(
          Reason.MISMATCH,
          Optional.empty(),
          "a message of session %s in the place of %s, expected %s"
              .formatted(session, sender, plan.session()));
    }
    return in;
  }

  /// The same for each of them but this party.
  SortedMap<Party, byte[]> toAll(Collection<Party> receivers, byte[] message) {
    SortedMap<Party, byte[]> messages = new TreeMap<>();
    for (Party receiver : receivers) {
      if (!receiver.equals(self)) {
        messages.put(receiver, message.clone());
      }
    }
    return messages;
  }

  /// Exactly one message of each of them but this party, ascending.
  SortedMap<Party, byte[]> fromAll(Collection<Party> senders, Map<Party, byte[]> messages)
      throws ProtocolAbortException {
    SortedSet<Party> expected = new TreeSet<>(senders);
    expected.remove(self);
    SortedMap<Party, byte[]> sorted = new TreeMap<>(messages);
    if (!sorted.keySet().equals(expected)) {
      SortedSet<Party> missing = new TreeSet<>(expected);
      missing.removeAll(sorted.keySet());
      throw new ProtocolAbortException(
          Reason.MISMATCH,
          missing.stream().findFirst(),
          "messages of %s, expected those of %s".formatted(sorted.keySet(), expected));
    }
    return sorted;
  }
}
