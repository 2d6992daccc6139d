package dev.countersign.server.harness;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApprovePolicyRequest;
import dev.countersign.api.v1.GetActivePolicyRequest;
import dev.countersign.api.v1.ListPolicyVersionsRequest;
import dev.countersign.api.v1.PolicyProposal;
import dev.countersign.api.v1.ProposePolicyRequest;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;

/// One policy follows another, over the API.
final class PolicyChange {
  private PolicyChange() {}

  static long of(Calls desk, Calls carrier, TestFounder founder, String document) {
    PolicyProposal proposed =
        desk.policies()
            .proposePolicy(
                ProposePolicyRequest.newBuilder()
                    .setDocument(ByteString.copyFromUtf8(document))
                    .setEtag(etag(desk))
                    .setNote("a test")
                    .build())
            .getProposal();
    Approval approval =
        founder.approves(
            PolicyChangeStatement.parse(
                Bytes.of(proposed.getStatement().getBytes(StandardCharsets.US_ASCII))));
    PolicyProposal approved =
        carrier
            .policies()
            .approvePolicy(
                ApprovePolicyRequest.newBuilder()
                    .setProposal(proposed.getProposal())
                    .setApprover(approval.approver().value())
                    .setKey(approval.key().text())
                    .setSignature(ByteString.copyFrom(approval.signature().toArray()))
                    .build())
            .getProposal();
    if (approved.getState() != PolicyProposal.State.STATE_ACTIVATED) {
      throw new AssertionError(approved);
    }
    return desk.policies()
        .getActivePolicy(GetActivePolicyRequest.getDefaultInstance())
        .getVersion();
  }

  /// Of the last policy that was approved, also when nothing is judged by what is said to be
  /// active.
  private static String etag(Calls desk) {
    return desk
        .policies()
        .listPolicyVersions(ListPolicyVersionsRequest.getDefaultInstance())
        .getVersionsList()
        .stream()
        .filter(version -> !version.getStatement().isEmpty())
        .findFirst()
        .map(version -> version.getVersion() + "-" + version.getHash())
        .orElseThrow();
  }
}
