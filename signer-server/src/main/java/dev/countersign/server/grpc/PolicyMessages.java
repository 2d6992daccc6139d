package dev.countersign.server.grpc;

import com.google.protobuf.Duration;
import dev.countersign.api.v1.PolicyProposal;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.change.Proposal;
import dev.countersign.policy.change.ProposalState;
import dev.countersign.policy.store.PolicyStore.StoredPolicy;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Policies and proposals as the API shows them.
final class PolicyMessages {
  private static final Pattern ETAG = Pattern.compile("([1-9][0-9]{0,17})-(0x[0-9a-f]{64})");

  private PolicyMessages() {}

  /// The number too: a document may come back, and is another policy then.
  static String etag(PolicyVersion version) {
    return version.number() + "-" + version.hash().hex();
  }

  /// The other way.
  static PolicyVersion version(String etag) {
    Matcher matcher = ETAG.matcher(etag);
    if (!matcher.matches()) {
      throw InvalidValueException.of("etag", etag, "the etag of GetActivePolicy");
    }
    return new PolicyVersion(Long.parseLong(matcher.group(1)), Digest32.fromHex(matcher.group(2)));
  }

  /// Without the document.
  static dev.countersign.api.v1.PolicyVersion of(StoredPolicy policy) {
    dev.countersign.api.v1.PolicyVersion.Builder message =
        dev.countersign.api.v1.PolicyVersion.newBuilder()
            .setVersion(policy.version().number())
            .setHash(policy.version().hash().hex())
            .setActivateTime(RequestMessages.timestamp(policy.activatedAt()))
            .setProposal(policy.proposal().map(ProposalId::toString).orElse(""))
            .setStatement(
                new String(policy.link().statement().toArray(), StandardCharsets.US_ASCII));
    policy
        .link()
        .approvals()
        .forEach(approval -> message.addGiven(ApprovalMessages.given(approval)));
    return message.build();
  }

  /// Without the document.
  static PolicyProposal of(Proposal proposal) {
    PolicyChangeStatement statement = proposal.statement();
    PolicyProposal.Builder message =
        PolicyProposal.newBuilder()
            .setProposal(proposal.id().toString())
            .setState(state(proposal.state()))
            .setProposer(proposal.proposedBy())
            .setNote(proposal.note())
            .setBaseVersion(statement.base().number())
            .setBaseHash(statement.base().hash().hex())
            .setHash(statement.document().hex())
            .setQuorum(statement.quorum().text())
            .setDelay(Duration.newBuilder().setSeconds(statement.delay().toSeconds()))
            .setAskTime(RequestMessages.timestamp(statement.asked()))
            .setExpireTime(RequestMessages.timestamp(statement.expires()))
            .setReason(proposal.reason())
            .setStatement(statement.text())
            .setMissing(proposal.missing());
    proposal.opensAt().ifPresent(at -> message.setOpenTime(RequestMessages.timestamp(at)));
    proposal.endedAt().ifPresent(at -> message.setEndTime(RequestMessages.timestamp(at)));
    proposal
        .given()
        .forEach(
            given ->
                message.addGiven(
                    ApprovalMessages.given(given.approval())
                        .setReason(given.reason())
                        .setDecideTime(RequestMessages.timestamp(given.at()))));
    return message.build();
  }

  static PolicyProposal whole(Proposal proposal) {
    return of(proposal).toBuilder().setDocument(RequestMessages.bytes(proposal.document())).build();
  }

  private static PolicyProposal.State state(ProposalState state) {
    return switch (state) {
      case PROPOSED -> PolicyProposal.State.STATE_PROPOSED;
      case APPROVED -> PolicyProposal.State.STATE_APPROVED;
      case ACTIVATED -> PolicyProposal.State.STATE_ACTIVATED;
      case REJECTED -> PolicyProposal.State.STATE_REJECTED;
      case WITHDRAWN -> PolicyProposal.State.STATE_WITHDRAWN;
      case EXPIRED -> PolicyProposal.State.STATE_EXPIRED;
      case VOID -> PolicyProposal.State.STATE_VOID;
    };
  }
}
