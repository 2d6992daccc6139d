package dev.countersign.core.approval;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// An Ed25519 key (RFC 8032, section 5.1); its signatures have 64 bytes.
///
/// @param encoded a point of the prime-order subgroup, which no key of small order is
public record Ed25519ApproverKey(Bytes encoded) implements ApproverKey {
  static final String ALGORITHM = "ed25519";

  public Ed25519ApproverKey {
    if (encoded.size() != Ed25519.PUBLIC_KEY_SIZE
        || !Ed25519.validatePublicKeyFull(encoded.toArray(), 0)) {
      throw InvalidValueException.of(
          "Ed25519 key", encoded.hex(), "32 bytes that are a point of the curve");
    }
  }

  @Override
  public String algorithm() {
    return ALGORITHM;
  }

  @Override
  public boolean verifies(byte[] message, Bytes signature) {
    return signature.size() == Ed25519.SIGNATURE_SIZE
        && Ed25519.verify(signature.toArray(), 0, encoded.toArray(), 0, message, 0, message.length);
  }

  @Override
  public String toString() {
    return text();
  }
}
