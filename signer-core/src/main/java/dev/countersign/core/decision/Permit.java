package dev.countersign.core.decision;

import dev.countersign.core.approval.ApprovalEvidence;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.util.Optional;

/// Leave to sign one payload with one key. Only a [PermitMint] makes one, and only the policy
/// engine holds the mint. A key backend asks its [PermitInspector] before it signs.
public final class Permit {
  private final PermitTerms terms;
  private final Bytes seal;
  private final Optional<ApprovalEvidence> evidence;

  Permit(PermitTerms terms, Bytes seal, Optional<ApprovalEvidence> evidence) {
    this.terms = terms;
    this.seal = seal;
    this.evidence = evidence;
  }

  public PermitTerms terms() {
    return terms;
  }

  /// The Keccak-256 of the payload: what the key signs.
  public Digest32 signingDigest() {
    return terms.signingDigest();
  }

  Bytes seal() {
    return seal;
  }

  /// Not sealed, and not to be believed: it carries its own signatures.
  Optional<ApprovalEvidence> evidence() {
    return evidence;
  }

  @Override
  public String toString() {
    return "Permit[" + terms.request() + "]";
  }
}
