package dev.countersign.mpc.key;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What came out of a session, as its participants sign it.
public final class Outcome {
  private static final int DIGEST_BYTES = 32;

  private final SessionId session;
  private final SortedMap<Party, PeerIdentity> participants;
  private final byte[] digest;

  /// @param participants who says so
  /// @param digest 32 bytes, of all that came out
  public Outcome(SessionId session, Map<Party, PeerIdentity> participants, byte[] digest) {
    this.session = session;
    this.participants = new TreeMap<>(participants);
    this.digest = digest.clone();
  }

  public SessionId session() {
    return session;
  }

  public Collection<Party> participants() {
    return participants.keySet().stream().toList();
  }

  public Statement state(Kind kind, Party party, Identity identity) {
    return Statement.of(kind, session, party, digest, identity);
  }

  /// That the party has not stored what came out, and never will.
  ///
  /// @param epoch which the session is said to make: where it makes another one, this refuses
  /// nothing
  static Statement refuse(SessionId session, long epoch, Party party, Identity identity) {
    return Statement.of(Kind.REFUSED, session, party, refused(epoch), identity);
  }

  private static byte[] refused(long epoch) {
    return Transcript.of("refused epoch").add("epoch", epoch).digest();
  }

  /// @throws ProtocolAbortException unless each participant but `self` has signed exactly this
  public void requireAll(Kind kind, Party self, Collection<Statement> statements)
      throws ProtocolAbortException {
    SortedSet<Party> missing = new TreeSet<>(participants.keySet());
    missing.remove(self);
    for (Statement statement : statements) {
      if (!statement.party().equals(self)) {
        require(kind, statement, digest);
        missing.remove(statement.party());
      }
    }
    if (!missing.isEmpty()) {
      throw new ProtocolAbortException(
          Reason.MISMATCH,
          Optional.of(missing.first()),
          "no statement %s of %s".formatted(kind, missing));
    }
  }

  /// @param epoch which this session has made
  void requireRefusal(Statement statement, long epoch) throws ProtocolAbortException {
    require(Kind.REFUSED, statement, refused(epoch));
  }

  private void require(Kind kind, Statement statement, byte[] what) throws ProtocolAbortException {
    Party party = statement.party();
    PeerIdentity identity =
        Optional.ofNullable(participants.get(party))
            .orElseThrow(
                () ->
                    new ProtocolAbortException(
                        Reason.MISMATCH, Optional.empty(), party + " takes no part in this"));
    statement.require(kind, session, party, what, identity);
  }

  byte[] encode() {
    WireWriter out =
        new WireWriter(WireForm.OUTCOME)
            .fixed(session.bytes())
            .fixed(digest)
            .parties(participants.keySet());
    participants.values().forEach(identity -> out.fixed(identity.bytes()));
    return out.finish();
  }

  static Outcome decode(byte[] bytes) throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.OUTCOME, bytes, Optional.empty());
    SessionId session = SessionId.ofBytes(in.fixed(SessionId.BYTES));
    byte[] digest = in.fixed(DIGEST_BYTES);
    Map<Party, PeerIdentity> participants = new TreeMap<>();
    for (Party party : in.parties()) {
      participants.put(party, PeerIdentity.read(in));
    }
    in.end();
    return new Outcome(session, participants, digest);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Outcome other && Arrays.equals(encode(), other.encode());
  }

  @Override
  public int hashCode() {
    return session.hashCode();
  }

  @Override
  public String toString() {
    return "the outcome of session " + session;
  }
}
