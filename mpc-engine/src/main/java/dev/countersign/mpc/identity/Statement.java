package dev.countersign.mpc.identity;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/// What a party signs about the outcome of a session. It can be kept and shown to others.
public final class Statement {
  private static final int DIGEST_BYTES = 32;

  private final Kind kind;
  private final SessionId session;
  private final Party party;
  private final byte[] digest;
  private final byte[] signature;

  /// What is said of a session.
  public enum Kind {
    /// This came out, and all checks hold.
    CERTIFIED(1),
    /// It is stored, and will be there after a crash.
    STORED(2),
    /// It is what is used from now on.
    ACTIVATED(3),
    /// It is not stored and never will be.
    REFUSED(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    static Optional<Kind> of(int code) {
      return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
    }
  }

  private Statement(Kind kind, SessionId session, Party party, byte[] digest, byte[] signature) {
    if (digest.length != DIGEST_BYTES || signature.length != PeerIdentity.SIGNATURE_BYTES) {
      throw new IllegalArgumentException(
          "expected a digest of %d bytes and a signature of %d, got %d and %d"
              .formatted(
                  DIGEST_BYTES, PeerIdentity.SIGNATURE_BYTES, digest.length, signature.length));
    }
    this.kind = kind;
    this.session = session;
    this.party = party;
    this.digest = digest.clone();
    this.signature = signature;
  }

  /// @param digest 32 bytes, of all that came out
  public static Statement of(
      Kind kind, SessionId session, Party party, byte[] digest, Identity identity) {
    return new Statement(
        kind, session, party, digest, identity.sign(signed(kind, session, party, digest)));
  }

  private static byte[] signed(Kind kind, SessionId session, Party party, byte[] digest) {
    return Transcript.of("statement")
        .add("kind", kind.name())
        .add("session", session)
        .add("party", party)
        .add("digest", digest)
        .digest();
  }

  /// @throws ProtocolAbortException when it says another thing than expected, or the party has not
  /// signed it
  public void require(
      Kind expected, SessionId run, Party sender, byte[] outcome, PeerIdentity identity)
      throws ProtocolAbortException {
    if (kind != expected || !session.equals(run) || !party.equals(sender)) {
      // Of another session it may be an honest one, shown again by somebody else.
      throw new ProtocolAbortException(
          Reason.MISMATCH,
          session.equals(run) ? Optional.of(sender) : Optional.empty(),
          "%s of %s for session %s, expected %s for session %s"
              .formatted(kind, party, session, expected, run));
    }
    if (!identity.verifies(signed(kind, session, party, digest), signature)) {
      throw new ProtocolAbortException(
          Reason.BAD_PROOF, Optional.of(sender), "it has not signed this statement");
    }
    if (!MessageDigest.isEqual(digest, outcome)) {
      throw new ProtocolAbortException(
          Reason.MISMATCH, Optional.of(sender), "another outcome than this party's own");
    }
  }

  public byte[] encode() {
    WireWriter out = new WireWriter(WireForm.STATEMENT).u8(kind.code);
    return out.fixed(session.bytes()).party(party).fixed(digest).fixed(signature).finish();
  }

  public static Statement decode(byte[] bytes, Optional<Party> sender)
      throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.STATEMENT, bytes, sender);
    int code = in.u8();
    Kind kind = Kind.of(code).orElseThrow(() -> in.malformed("a statement of kind " + code));
    Statement statement =
        new Statement(
            kind,
            SessionId.ofBytes(in.fixed(SessionId.BYTES)),
            in.party(),
            in.fixed(DIGEST_BYTES),
            in.fixed(PeerIdentity.SIGNATURE_BYTES));
    in.end();
    return statement;
  }

  public Kind kind() {
    return kind;
  }

  public SessionId session() {
    return session;
  }

  /// Who says it.
  public Party party() {
    return party;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Statement other
        && kind == other.kind
        && session.equals(other.session)
        && party.equals(other.party)
        && Arrays.equals(digest, other.digest)
        && Arrays.equals(signature, other.signature);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return "%s by %s in session %s".formatted(kind, party, session);
  }
}
