package dev.countersign.server.harness;

import dev.countersign.core.approval.Approvable;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.Ed25519ApproverKey;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.succession.FoundersReader;
import dev.countersign.policy.succession.FoundersReader.Reading;
import dev.countersign.policy.succession.Founding;
import dev.countersign.policy.succession.FoundingFile;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/// The one person who founds the policies of tests, with an Ed25519 key.
public final class TestFounder {
  public static final String NAME = "founder";
  private static final int KEY_SIZE = 32;

  private final KeyPair keys;

  TestFounder() {
    try {
      this.keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public Ed25519ApproverKey key() {
    byte[] spki = keys.getPublic().getEncoded();
    return new Ed25519ApproverKey(
        Bytes.of(Arrays.copyOfRange(spki, spki.length - KEY_SIZE, spki.length)));
  }

  /// What the server's configuration pins.
  String foundersFile() {
    return """
    format: countersign/founders/v1
    deployment: tests
    founders:
      %s: {keys: ["%s"]}
    quorum: 1
    """
        .formatted(NAME, key().text());
  }

  /// What makes `document` the first policy.
  String founding(String document) {
    var founders =
        (Reading.Valid) FoundersReader.read(foundersFile().getBytes(StandardCharsets.UTF_8));
    Founding begun =
        Founding.begin(
            founders.founders(),
            Bytes.of(document.getBytes(StandardCharsets.UTF_8)),
            new ProposalId(UUID.randomUUID()),
            Instant.now());
    return FoundingFile.write(begun.with(approves(begun.statement())));
  }

  public Approval approves(Approvable statement) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(keys.getPrivate());
      signature.update(statement.signedBytes(Decision.APPROVE));
      return new Approval(
          new ApproverName(NAME), key(), Decision.APPROVE, Bytes.of(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
