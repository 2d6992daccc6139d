package dev.countersign.policy.succession;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The ceremony that makes the first policy: a statement, and the founders' signatures.
public record Founding(PolicyChangeStatement statement, List<Approval> signatures) {
  public Founding {
    signatures = List.copyOf(signatures);
  }

  /// Begins one.
  ///
  /// @param id that nobody has used
  public static Founding begin(Founders founders, Bytes document, ProposalId id, Instant now) {
    Instant asked = now.truncatedTo(ChronoUnit.SECONDS);
    return new Founding(
        new PolicyChangeStatement(
            founders.deployment(),
            id,
            Optional.empty(),
            PolicyChangeStatement.NO_POLICY,
            PolicyChangeStatement.hashOf(document),
            document.size(),
            founders.quorum(),
            founders.authority().terms().delay(),
            asked,
            asked.plus(founders.authority().terms().lifetime())),
        List.of());
  }

  /// With one more signature.
  public Founding with(Approval signature) {
    List<Approval> all = new ArrayList<>(signatures);
    all.removeIf(other -> other.approver().equals(signature.approver()));
    all.add(signature);
    return new Founding(statement, all);
  }

  /// As the first policy.
  public PolicyLink link(Bytes document) {
    return new PolicyLink(1, document, statement.bytes(), signatures);
  }
}
