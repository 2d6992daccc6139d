package dev.countersign.mpc;

import java.util.Optional;

/// A run of a protocol that ends before its end, at an honest party. Nothing of its state is used
/// again.
public final class ProtocolAbortException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final transient Optional<Party> culprit;

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
    /// What may be used once was used before.
    REUSE,
    /// Somebody who takes part was banned in an earlier session.
    BANNED
  }

  public ProtocolAbortException(Reason reason, Optional<Party> culprit, String what) {
    super(culprit.map(party -> party + ": ").orElse("") + what);
    this.reason = reason;
    this.culprit = culprit;
  }

  public Reason reason() {
    return reason;
  }

  /// Who did not keep to the protocol, where that can be told.
  public Optional<Party> culprit() {
    return culprit;
  }
}
