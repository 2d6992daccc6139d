package dev.countersign.mpc;

import java.util.Optional;

/// A run of a protocol that ends before its end, at an honest party. Nothing of its state is used
/// again.
public final class ProtocolAbortException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final transient Optional<Party> culprit;
  private final boolean ban;

  /// What went wrong.
  public enum Reason {
    /// A message cannot be read, or holds what no honest party sends.
    MALFORMED,
    /// A message is for another session, or says other things than this party's own.
    MISMATCH,
    /// A share of a signature is not what its sender's key share and commitments make.
    BAD_SHARE,
    /// A proof, an opening or a check of the sender's does not hold.
    BAD_PROOF,
    /// What came out is not valid for the key; it is not told to anybody.
    BAD_RESULT,
    /// What may be used once was used before, or is closed.
    REUSE,
    /// Somebody who takes part was banned in an earlier session.
    BANNED
  }

  public ProtocolAbortException(Reason reason, Optional<Party> culprit, String what) {
    this(reason, culprit, what, false);
  }

  private ProtocolAbortException(Reason reason, Optional<Party> culprit, String what, boolean ban) {
    super(culprit.map(party -> party + ": ").orElse("") + what);
    this.reason = reason;
    this.culprit = culprit;
    this.ban = ban;
  }

  /// After a check whose outcome may tell the peer something of this party's base OTs: nobody runs
  /// anything with the peer again before there are others.
  public static ProtocolAbortException banning(Reason reason, Party culprit, String what) {
    return new ProtocolAbortException(reason, Optional.of(culprit), what, true);
  }

  public Reason reason() {
    return reason;
  }

  /// Whether the culprit is to be banned, durably, and the base OTs that it shares with this party
  /// are to be discarded, before anything else is done.
  public boolean bansCulprit() {
    return ban;
  }

  /// Who did not keep to the protocol, where that can be told.
  public Optional<Party> culprit() {
    return culprit;
  }
}
