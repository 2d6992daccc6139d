package dev.countersign.endtoend;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApprovePolicyRequest;
import dev.countersign.api.v1.PolicyProposal;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.succession.FoundersReader;
import dev.countersign.policy.succession.FoundersReader.Reading;
import dev.countersign.policy.succession.Founding;
import dev.countersign.policy.succession.FoundingFile;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.UUID;

/// The one person who founds the policy of a deployment, and may change policies that do not say
/// who may.
record Founder(TestApprover person) {
  static Founder make() {
    try {
      return new Founder(TestApprover.named("founder"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 is part of every JDK", e);
    }
  }

  /// What the server's configuration pins.
  String foundersFile() {
    return """
    format: countersign/founders/v1
    deployment: end-to-end
    founders:
      founder: {keys: ["%s"]}
    quorum: 1
    """
        .formatted(person.publicKey());
  }

  /// What makes `document` the first policy.
  String founding(String document) throws GeneralSecurityException {
    var founders =
        (Reading.Valid) FoundersReader.read(foundersFile().getBytes(StandardCharsets.UTF_8));
    Founding begun =
        Founding.begin(
            founders.founders(),
            Bytes.of(document.getBytes(StandardCharsets.UTF_8)),
            new ProposalId(UUID.randomUUID()),
            Instant.now());
    var signature =
        new Approval(
            new ApproverName(person.name()),
            ApproverKey.parse(person.publicKey()),
            Decision.APPROVE,
            Bytes.of(person.sign(begun.statement().text(), "approve")));
    return FoundingFile.write(begun.with(signature));
  }

  /// Approves a policy, over the API: the one that is active has to leave it to the founders.
  PolicyProposal approve(Client carrier, PolicyProposal proposal) throws GeneralSecurityException {
    return carrier
        .policies()
        .approvePolicy(
            ApprovePolicyRequest.newBuilder()
                .setProposal(proposal.getProposal())
                .setApprover(person.name())
                .setKey(person.publicKey())
                .setSignature(ByteString.copyFrom(person.sign(proposal.getStatement(), "approve")))
                .build())
        .getProposal();
  }
}
