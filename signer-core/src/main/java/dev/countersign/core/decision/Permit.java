package dev.countersign.core.decision;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;

/// Leave to sign one payload with one key. Only a [PermitMint] makes one, and only the policy
/// engine holds the mint. A key backend asks its [PermitInspector] before it signs.
public final class Permit {
  private final PermitTerms terms;
  private final Bytes seal;

  Permit(PermitTerms terms, Bytes seal) {
    this.terms = terms;
    this.seal = seal;
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

  @Override
  public String toString() {
    return "Permit[" + terms.request() + "]";
  }
}
