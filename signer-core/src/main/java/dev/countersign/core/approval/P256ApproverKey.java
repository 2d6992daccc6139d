package dev.countersign.core.approval;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.ECPoint;

/// A key on P-256 (FIPS 186-5; SEC 2, section 2.4.2); its signatures are ECDSA over SHA-256, r and
/// s of 32 bytes each (IEEE P1363). Both s and n-s are taken, so a signature has two texts: what
/// counts is the approver, once.
///
/// @param encoded compressed: 0x02 or 0x03, and x
public record P256ApproverKey(Bytes encoded) implements ApproverKey {
  static final String ALGORITHM = "p256";
  private static final int SCALAR = 32;
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256r1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);

  public P256ApproverKey {
    if (encoded.size() != 1 + SCALAR || !isPoint(encoded)) {
      throw InvalidValueException.of(
          "P-256 key", encoded.hex(), "33 bytes that are a compressed point of the curve");
    }
  }

  /// From the uncompressed form of SEC 1, section 2.3.3: 0x04, x and y, 65 bytes.
  ///
  /// @throws InvalidValueException when it is no such point
  public static P256ApproverKey ofUncompressed(Bytes uncompressed) {
    try {
      if (uncompressed.size() == 1 + 2 * SCALAR && uncompressed.get(0) == 4) {
        ECPoint point = CURVE.getCurve().decodePoint(uncompressed.toArray());
        return new P256ApproverKey(Bytes.of(point.getEncoded(true)));
      }
    } catch (IllegalArgumentException e) {
      // not on the curve
    }
    throw InvalidValueException.of(
        "P-256 key", uncompressed.hex(), "65 bytes that are an uncompressed point of the curve");
  }

  private static boolean isPoint(Bytes encoded) {
    try {
      return (encoded.get(0) == 2 || encoded.get(0) == 3)
          && CURVE.getCurve().decodePoint(encoded.toArray()).isValid();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String algorithm() {
    return ALGORITHM;
  }

  @Override
  public boolean verifies(byte[] message, Bytes signature) {
    if (signature.size() != 2 * SCALAR) {
      return false;
    }
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(
        false, new ECPublicKeyParameters(CURVE.getCurve().decodePoint(encoded.toArray()), DOMAIN));
    return verifier.verifySignature(
        Sha256.hash(message).bytes().toArray(),
        new BigInteger(1, signature.slice(0, SCALAR).toArray()),
        new BigInteger(1, signature.slice(SCALAR, 2 * SCALAR).toArray()));
  }

  @Override
  public String toString() {
    return text();
  }
}
