package dev.countersign.server.grpc;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApprovePolicyRequest;
import dev.countersign.api.v1.ProposePolicyRequest;
import dev.countersign.api.v1.RejectPolicyRequest;
import dev.countersign.api.v1.WithdrawPolicyRequest;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.policy.change.Proposal;
import dev.countersign.policy.change.Proposals;
import dev.countersign.policy.change.Proposals.Deciding;
import dev.countersign.policy.change.Proposals.Withdrawing;
import dev.countersign.policy.yaml.Problem;
import dev.countersign.server.access.Caller;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The calls of PolicyService that change something.
final class Proposing {
  private static final FieldReader FIELDS = new FieldReader("");
  private static final int LARGEST_DOCUMENT = 3 << 20;
  private static final int LONGEST_NOTE = 2_000;
  private static final int LONGEST_REASON = 500;
  private static final int SIGNATURE = 64;
  private static final int PROBLEMS_TOLD = 20;

  private final Proposals proposals;
  private final StrictAnswers strict;

  Proposing(Proposals proposals, StrictAnswers strict) {
    this.proposals = proposals;
    this.strict = strict;
  }

  Proposal propose(Caller caller, ProposePolicyRequest request) {
    if (request.getDocument().isEmpty()) {
      throw FIELDS.refused("document", Code.MALFORMED, "document is required");
    }
    if (request.getDocument().size() > LARGEST_DOCUMENT) {
      throw FIELDS.refused(
          "document",
          Code.TOO_LARGE,
          "document has %d bytes, at most %d are taken"
              .formatted(request.getDocument().size(), LARGEST_DOCUMENT));
    }
    checkLength("note", request.getNote(), LONGEST_NOTE);
    PolicyVersion seen =
        FIELDS.read("etag", Code.MALFORMED, request.getEtag(), PolicyMessages::version);
    Bytes document = Bytes.of(request.getDocument().toByteArray());
    return switch (proposals.propose(
        document, seen, request.getNote(), caller.id(), caller.actor())) {
      case Proposals.Proposing.Proposed(Proposal proposal) -> {
        strict.await(Set.of("policy-proposed"));
        yield proposal;
      }
      case Proposals.Proposing.Invalid(List<Problem> problems) ->
          throw FIELDS.refused("document", Code.INVALID_POLICY, told(problems));
      case Proposals.Proposing.Stale(PolicyVersion active) ->
          throw FIELDS.refused(
              "etag",
              Code.STALE_ETAG,
              "policy %d is active (%s), and this document was made from another: look at it again"
                  .formatted(active.number(), PolicyMessages.etag(active)));
      case Proposals.Proposing.Unchanged(PolicyVersion active) ->
          throw FIELDS.refused(
              "document",
              Code.ALREADY_EXISTS,
              "it is policy %d already".formatted(active.number()));
      case Proposals.Proposing.Impossible(String reason) ->
          throw FIELDS.refused("", Code.PROPOSAL_IMPOSSIBLE, reason);
    };
  }

  private static String told(List<Problem> problems) {
    String first =
        problems.stream()
            .limit(PROBLEMS_TOLD)
            .map(Problem::toString)
            .collect(Collectors.joining("\n"));
    return problems.size() > PROBLEMS_TOLD
        ? first + "\nand %d more".formatted(problems.size() - PROBLEMS_TOLD)
        : first;
  }

  Proposal approve(Caller caller, ApprovePolicyRequest request) {
    ProposalId id = id(request.getProposal());
    return decide(
        id,
        approval(request.getApprover(), request.getKey(), Decision.APPROVE, request.getSignature()),
        "",
        caller);
  }

  Proposal reject(Caller caller, RejectPolicyRequest request) {
    ProposalId id = id(request.getProposal());
    checkLength("reason", request.getReason(), LONGEST_REASON);
    return decide(
        id,
        approval(request.getApprover(), request.getKey(), Decision.REJECT, request.getSignature()),
        request.getReason(),
        caller);
  }

  private static Approval approval(
      String approver, String key, Decision decision, ByteString signature) {
    if (signature.size() != SIGNATURE) {
      throw FIELDS.refused(
          "signature",
          Code.MALFORMED,
          "signature has %d bytes, expected 64".formatted(signature.size()));
    }
    return new Approval(
        FIELDS.read("approver", Code.MALFORMED, approver, ApproverName::new),
        FIELDS.read("key", Code.MALFORMED, key, ApproverKey::parse),
        decision,
        Bytes.of(signature.toByteArray()));
  }

  private Proposal decide(ProposalId id, Approval approval, String reason, Caller caller) {
    return switch (proposals.decide(id, approval, reason, caller.actor())) {
      case Deciding.Counted(Proposal proposal) -> {
        strict.await(Set.of("policy-approved", "policy-rejected", "policy-activated"));
        yield proposal;
      }
      case Deciding.NotCounted(String why) ->
          throw FIELDS.refused("", Code.APPROVAL_NOT_COUNTED, "this does not count: " + why);
      case Deciding.NotOpen(Proposal proposal) -> throw ended(proposal);
      case Deciding.Unknown() -> throw unknown(id);
    };
  }

  Proposal withdraw(Caller caller, WithdrawPolicyRequest request) {
    ProposalId id = id(request.getProposal());
    checkLength("reason", request.getReason(), LONGEST_REASON);
    return switch (proposals.withdraw(id, caller.id(), request.getReason(), caller.actor())) {
      case Withdrawing.Withdrawn(Proposal proposal) -> {
        strict.await(Set.of("policy-proposal-ended"));
        yield proposal;
      }
      case Withdrawing.NotYours(Proposal proposal) ->
          throw FIELDS.refused(
              "proposal",
              Code.PERMISSION_DENIED,
              "%s proposed it, and nobody else takes it back; an approver may reject it"
                  .formatted(proposal.proposedBy()));
      case Withdrawing.NotOpen(Proposal proposal) -> throw ended(proposal);
      case Withdrawing.Unknown() -> throw unknown(id);
    };
  }

  static ProposalId id(String text) {
    return FIELDS.read("proposal", Code.MALFORMED, text, ProposalId::parse);
  }

  static RefusedException unknown(ProposalId id) {
    return FIELDS.refused("proposal", Code.NOT_FOUND, "there is no proposal " + id);
  }

  private static RefusedException ended(Proposal proposal) {
    return FIELDS.refused(
        "proposal",
        Code.NOT_PENDING,
        "proposal %s is %s: %s".formatted(proposal.id(), proposal.state(), proposal.reason()));
  }

  private static void checkLength(String field, String text, int longest) {
    if (text.length() > longest) {
      throw FIELDS.refused(
          field,
          Code.TOO_LARGE,
          "%s has %d characters, at most %d are taken".formatted(field, text.length(), longest));
    }
  }
}
