package dev.countersign.core.approval;

import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.model.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// Somebody with a key.
record TestApprover(ApproverName name, ApproverKey key, Signer signer) {
  interface Signer {
    byte[] sign(byte[] message);
  }

  /// An Ed25519 key from a seed of one byte, repeated.
  static TestApprover ed25519(String name, int seed) {
    byte[] secret = new byte[Ed25519.SECRET_KEY_SIZE];
    Arrays.fill(secret, (byte) seed);
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(secret, 0, point, 0);
    return new TestApprover(
        new ApproverName(name),
        new Ed25519ApproverKey(Bytes.of(point)),
        message -> {
          byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
          Ed25519.sign(secret, 0, message, 0, message.length, signature, 0);
          return signature;
        });
  }

  /// A fresh P-256 key of the JDK's.
  static TestApprover p256(String name) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    var point = ((ECPublicKey) pair.getPublic()).getW();
    String uncompressed = "0x04%064x%064x".formatted(point.getAffineX(), point.getAffineY());
    return new TestApprover(
        new ApproverName(name),
        P256ApproverKey.ofUncompressed(Bytes.fromHex(uncompressed)),
        message -> {
          try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  Approval approves(Approvable statement) {
    return says(Decision.APPROVE, statement);
  }

  Approval rejects(Approvable statement) {
    return says(Decision.REJECT, statement);
  }

  private Approval says(Decision decision, Approvable statement) {
    return new Approval(
        name, key, decision, Bytes.of(signer.sign(statement.signedBytes(decision))));
  }
}
