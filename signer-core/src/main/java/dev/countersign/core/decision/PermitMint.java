package dev.countersign.core.decision;

import dev.countersign.core.approval.ApprovalEvidence;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.replacement.Replacement;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Seals permits under the deployment's key, so that nobody without it can make one: no other code
/// of the process, and nobody who can only write to the database. The seal of a permit is stored
/// with its decision; by it any instance makes the permit anew after a restart.
public final class PermitMint {
  private static final String PURPOSE = "countersign/permit/v1";

  /// What no ordinal of a replacement is.
  private static final int RULE = -1;

  private final SealKey key;

  public PermitMint(SealKey key) {
    this.key = key;
  }

  /// For the policy engine alone; an architecture test keeps it so.
  public Permit issue(PermitTerms terms) {
    return new Permit(terms, key.seal(PURPOSE, canonical(terms)), Optional.empty());
  }

  /// The same for what people approved.
  ///
  /// @param evidence the approvals that `terms` name
  public Permit issue(PermitTerms terms, Optional<ApprovalEvidence> evidence) {
    return new Permit(terms, key.seal(PURPOSE, canonical(terms)), evidence);
  }

  /// What is to be stored with the decision.
  public Bytes sealOf(Permit permit) {
    return permit.seal();
  }

  /// The permit whose seal was stored. For the policy engine alone, as [#issue] is.
  ///
  /// @return nothing when `seal` is not the seal of exactly these terms, under this key
  public Optional<Permit> reopen(
      PermitTerms terms, Bytes seal, Optional<ApprovalEvidence> evidence) {
    Permit permit = new Permit(terms, seal, evidence);
    return isSealed(permit) ? Optional.of(permit) : Optional.empty();
  }

  /// The other half, for key backends: it can tell, and cannot make.
  public PermitInspector inspector() {
    return this::fault;
  }

  private Optional<String> fault(Permit permit) {
    if (!isSealed(permit)) {
      return Optional.of("the permit was not issued by this deployment's policy engine");
    }
    if (permit.evidence().isPresent()) {
      return permit.evidence().get().fault(permit.terms());
    }
    return permit.terms().approvals().isEmpty()
        ? Optional.empty()
        : Optional.of("the permit comes without the approvals that it names");
  }

  private boolean isSealed(Permit permit) {
    return key.isSeal(permit.seal(), PURPOSE, canonical(permit.terms()));
  }

  /// Every field behind its length, so that no two terms share their bytes.
  private static byte[] canonical(PermitTerms terms) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(terms.request().value().getMostSignificantBits());
      out.writeLong(terms.request().value().getLeastSignificantBits());
      write(out, terms.backend().value().getBytes(StandardCharsets.US_ASCII));
      write(out, terms.key().value().getBytes(StandardCharsets.US_ASCII));
      write(out, terms.payload().toArray());
      out.writeLong(terms.policy().number());
      write(out, terms.policy().hash().bytes().toArray());
      out.writeInt(terms.approvals().size());
      for (Digest32 approval : terms.approvals()) {
        write(out, approval.bytes().toArray());
      }
      // Only behind what there always is: the seals of all others stay what they were.
      if (terms.rule().isPresent()) {
        out.writeInt(RULE);
        write(out, terms.rule().get().getBytes(StandardCharsets.UTF_8));
      }
      if (terms.replacement().isPresent()) {
        Replacement replacement = terms.replacement().get();
        out.writeInt(replacement.ordinal());
        write(out, replacement.purpose().text().getBytes(StandardCharsets.US_ASCII));
        write(out, replacement.replaces().bytes().toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, byte[] field) throws IOException {
    out.writeInt(field.length);
    out.write(field);
  }
}
