package dev.countersign.cli.sandbox;

import dev.countersign.cli.approval.FileApprovalKey;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.succession.FoundersReader;
import dev.countersign.policy.succession.FoundersReader.Reading;
import dev.countersign.policy.succession.Founding;
import dev.countersign.policy.succession.FoundingFile;
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
}
