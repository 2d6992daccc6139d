package dev.countersign.core.approval;

import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.decision.PermitTerms;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Digest32;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The approvals behind a permit, so that whoever holds the key counts them once more, and trusts
/// neither the engine that issued the permit nor where it stored them.
///
/// @param statement what was approved
/// @param approvals one of each approver who counts
public record ApprovalEvidence(ApprovalStatement statement, List<Approval> approvals) {
  public ApprovalEvidence {
    approvals = List.copyOf(approvals);
  }

  /// What a permit binds of them.
  public List<Digest32> digests() {
    return approvals.stream().map(Approval::digest).toList();
  }

  /// Why this is no approval of what `terms` let sign; nothing when it is. That the keys are those
  /// of the policy is for whoever has the policy.
  public Optional<String> fault(PermitTerms terms) {
    if (!digests().equals(terms.approvals())) {
      return Optional.of("the approvals are others than the permit names");
    }
    if (!statement.request().equals(terms.request())) {
      return Optional.of("the approvals are of request " + statement.request());
    }
    if (!statement.terms().policy().equals(terms.policy())) {
      return Optional.of("the approvals are by " + statement.terms().policy());
    }
    for (Approval approval : approvals) {
      if (approval.decision() != Decision.APPROVE || !approval.isSignatureOf(statement)) {
        return Optional.of("%s has not approved this".formatted(approval.approver()));
      }
    }
    Set<ApproverName> approvers =
        approvals.stream().map(Approval::approver).collect(Collectors.toSet());
    if (!statement.terms().quorum().isMetBy(approvers)) {
      return Optional.of(
          "it still needs " + statement.terms().quorum().missing(approvers, Set.of()));
    }
    return switch (statement.subject()) {
      case ApprovedTransaction approved -> fault(approved, terms);
      case ApprovedMessage approved ->
          approved
              .difference(terms.payload(), approved.account())
              .map(ApprovalEvidence::somethingElse);
    };
  }

  private static Optional<String> fault(ApprovedTransaction approved, PermitTerms terms) {
    return switch (TransactionDecoder.decode(terms.payload())) {
      case TransactionDecoder.Outcome.Decoded(UnsignedTransaction transaction) ->
          approved.difference(transaction, approved.account()).map(ApprovalEvidence::somethingElse);
      case TransactionDecoder.Outcome.Undecodable bad ->
          Optional.of("the payload is no transaction: " + bad.problem());
    };
  }

  private static String somethingElse(String difference) {
    return "something else was approved: " + difference;
  }
}
