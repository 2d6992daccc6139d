package dev.countersign.mpc.identity;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The Ed25519 public key of another party, by RFC 8032 section 5.1.2.
public final class PeerIdentity {
  public static final int BYTES = 32;
  public static final int SIGNATURE_BYTES = 64;

  private static final String ALGORITHM = "Ed25519";

  private final byte[] encoded;
  private final PublicKey key;

  private PeerIdentity(byte[] encoded, PublicKey key) {
    this.encoded = encoded;
    this.key = key;
  }

  static PeerIdentity of(EdECPublicKey key) {
    byte[] y = key.getPoint().getY().toByteArray();
    byte[] encoded = new byte[BYTES];
    for (int i = 0; i < Math.min(y.length, BYTES); i++) {
      encoded[i] = y[y.length - 1 - i];
    }
    encoded[BYTES - 1] |= (byte) (key.getPoint().isXOdd() ? 0x80 : 0);
    return new PeerIdentity(encoded, key);
  }

  /// @param encoded 32 bytes
  /// @throws IllegalArgumentException when they are no key
  public static PeerIdentity of(byte[] encoded) {
    if (encoded.length != BYTES) {
      throw new IllegalArgumentException(
          "expected an identity of %d bytes, got %d".formatted(BYTES, encoded.length));
    }
    byte[] y = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      y[i] = encoded[BYTES - 1 - i];
    }
    boolean isOdd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    EdECPoint point = new EdECPoint(isOdd, new BigInteger(1, y));
    try {
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
      Signature.getInstance(ALGORITHM).initVerify(key);
      return new PeerIdentity(encoded.clone(), key);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("32 bytes that are no key of Ed25519", e);
    }
  }

  /// 32 bytes, not this object's own.
  public byte[] bytes() {
    return encoded.clone();
  }

  public boolean verifies(byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(message);
      return signature.length == SIGNATURE_BYTES && verifier.verify(signature);
    } catch (SignatureException e) {
      return false; // what the JDK says of signatures that it cannot read
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public byte[] encode() {
    return new WireWriter(WireForm.PEER_IDENTITY).fixed(encoded).finish();
  }

  public static PeerIdentity decode(byte[] bytes) throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.PEER_IDENTITY, bytes, Optional.empty());
    PeerIdentity identity = read(in);
    in.end();
    return identity;
  }

  /// Reads 32 bytes.
  public static PeerIdentity read(WireReader in) throws ProtocolAbortException {
    try {
      return of(in.fixed(BYTES));
    } catch (IllegalArgumentException e) {
      throw in.malformed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof PeerIdentity other && Arrays.equals(encoded, other.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(encoded);
  }
}
