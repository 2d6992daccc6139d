package dev.countersign.bench;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approver;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.ApproverRegistry;
import dev.countersign.core.approval.ProposalId;
import dev.countersign.core.approval.RuleQuorum;
import dev.countersign.core.model.Bytes;
import dev.countersign.policy.succession.Founders;
import dev.countersign.policy.succession.Founding;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The only founder of a deployment, with a fresh Ed25519 key.
record Founder(KeyPair keys) {
  private static final ApproverName NAME = new ApproverName("founder");
  private static final int KEY_SIZE = 32;

  static Founder random() throws GeneralSecurityException {
    return new Founder(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
  }

  Founders founders() {
    return new Founders(
        "bench",
        new ApproverRegistry(Map.of(NAME, new Approver(Set.of(key()), Optional.empty()))),
        RuleQuorum.Members.of("founders", Set.of(NAME), 1));
  }

  private ApproverKey key() {
    byte[] spki = keys.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(spki, spki.length - KEY_SIZE, spki.length);
    return ApproverKey.parse("ed25519:" + Base64.getEncoder().encodeToString(point));
  }

  Founding sign(Bytes document) throws GeneralSecurityException {
    Founding begun =
        Founding.begin(founders(), document, new ProposalId(UUID.randomUUID()), Instant.now());
    var signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(begun.statement().signedBytes(Approval.Decision.APPROVE));
    return begun.with(
        new Approval(NAME, key(), Approval.Decision.APPROVE, Bytes.of(signature.sign())));
  }
}
