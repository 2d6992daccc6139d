package dev.countersign.policy.sample;

import dev.countersign.core.approval.Approvable;
import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.Ed25519ApproverKey;
import dev.countersign.core.model.Bytes;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// Somebody with an Ed25519 key, from a seed of one byte, repeated.
public record TestPerson(String name, int seed) {

  private byte[] secret() {
    byte[] secret = new byte[Ed25519.SECRET_KEY_SIZE];
    Arrays.fill(secret, (byte) seed);
    return secret;
  }

  public Ed25519ApproverKey key() {
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(secret(), 0, point, 0);
    return new Ed25519ApproverKey(Bytes.of(point));
  }

  /// As policies write it.
  public String yaml() {
    return name + ": {keys: [\"" + key().text() + "\"]}";
  }

  public Approval approves(Approvable statement) {
    return says(Decision.APPROVE, statement);
  }

  public Approval rejects(Approvable statement) {
    return says(Decision.REJECT, statement);
  }

  private Approval says(Decision decision, Approvable statement) {
    return new Approval(
        new ApproverName(name), key(), decision, signs(statement.signedBytes(decision)));
  }

  public Bytes signs(byte[] message) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(secret(), 0, message, 0, message.length, signature, 0);
    return Bytes.of(signature);
  }
}
