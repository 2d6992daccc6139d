package dev.countersign.cli.sandbox;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApprovePolicyRequest;
import dev.countersign.api.v1.GetActivePolicyRequest;
import dev.countersign.api.v1.PolicyProposal;
import dev.countersign.api.v1.ProposePolicyRequest;
import dev.countersign.cli.approval.FileApprovalKey;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.succession.FoundersReader;
import dev.countersign.policy.succession.FoundersReader.Reading;
import dev.countersign.policy.succession.Founding;
import dev.countersign.policy.succession.FoundingFile;
import dev.countersign.testenv.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/// The sandbox's one founder, whose key is made for it: where it counts, several people have keys
/// of their own.
///
/// @param folder where the key is
record Founder(SandboxFolder folder) {
  static final String NAME = "founder";

  /// Makes the key, and writes who the founder is, when they are not there.
  static Founder provide(SandboxFolder folder, SecureRandom random) throws IOException {
    OwnerOnly.directory(folder.configuration());
    Path key = folder.founderKey();
    if (!Files.exists(key)) {
      FileApprovalKey.create(key, random).close();
    }
    try (var own = FileApprovalKey.open(key)) {
      ServerFiles.replace(
          folder.foundersFile(),
          """
          format: countersign/founders/v1
          deployment: sandbox
          founders:
            %s: {keys: ["%s"]}
          quorum: 1
          """
              .formatted(NAME, own.publicKey().text()));
    }
    return new Founder(folder);
  }

  /// Signs the first policy.
  void found(String document, Instant now) throws IOException {
    byte[] file = Files.readAllBytes(folder.foundersFile());
    if (!(FoundersReader.read(file) instanceof Reading.Valid(var founders))) {
      throw new IllegalStateException("the sandbox's own founders' file cannot be read");
    }
    var founding =
        Founding.begin(
            founders,
            Bytes.of(document.getBytes(StandardCharsets.UTF_8)),
            new ProposalId(UUID.randomUUID()),
            now);
    try (var own = FileApprovalKey.open(folder.founderKey())) {
      var signature =
          new Approval(
              new ApproverName(NAME),
              own.publicKey(),
              Decision.APPROVE,
              own.sign(founding.statement().signedBytes(Decision.APPROVE)));
      ServerFiles.replace(folder.foundingFile(), FoundingFile.write(founding.with(signature)));
    }
  }

  /// Proposes another policy and approves it, as somebody with two terminals would.
  ///
  /// @return how far it came
  PolicyProposal.State change(ServerConnection desk, ServerConnection carrier, String document) {
    var active = desk.policies().getActivePolicy(GetActivePolicyRequest.getDefaultInstance());
    var proposal =
        desk.policies()
            .proposePolicy(
                ProposePolicyRequest.newBuilder()
                    .setDocument(ByteString.copyFromUtf8(document))
                    .setEtag(active.getEtag())
                    .setNote("the sandbox's own, of another version")
                    .build())
            .getProposal();
    var statement =
        PolicyChangeStatement.parse(
            Bytes.of(proposal.getStatement().getBytes(StandardCharsets.US_ASCII)));
    try (var own = FileApprovalKey.open(folder.founderKey())) {
      return carrier
          .policies()
          .approvePolicy(
              ApprovePolicyRequest.newBuilder()
                  .setProposal(proposal.getProposal())
                  .setApprover(NAME)
                  .setKey(own.publicKey().text())
                  .setSignature(
                      ByteString.copyFrom(
                          own.sign(statement.signedBytes(Decision.APPROVE)).toArray()))
                  .build())
          .getProposal()
          .getState();
    }
  }
}
