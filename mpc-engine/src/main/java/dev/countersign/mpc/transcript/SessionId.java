package dev.countersign.mpc.transcript;

import dev.countersign.mpc.Party;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// The name of one run of one protocol, in 32 bytes which are a hash of all that the run is about.
/// It goes into every hash of the run, so that nothing of it means anything in another one.
public final class SessionId {
  public static final int BYTES = 32;

  private final byte[] value;

  private SessionId(byte[] value) {
    this.value = value;
  }

  /// @param protocol its name, and `version` the number of its form on the wire
  /// @param keyId of the key, 1 to 64 bytes
  /// @param epoch how often the shares of the key were made anew
  /// @param parties those of this run, ascending, each once
  /// @param threshold of the key, 2 at least
  /// @param nonce 32 bytes that no other run has
  /// @param keygenId 32 bytes that name the key generation which made the key, or zeros in it
  public static SessionId of(
      String protocol,
      int version,
      byte[] keyId,
      long epoch,
      List<Party> parties,
      int threshold,
      byte[] nonce,
      byte[] keygenId) {
    if (keyId.length < 1 || keyId.length > 64) {
      throw new IllegalArgumentException("expected a key id of 1 to 64 bytes, got " + keyId.length);
    }
    if (nonce.length != BYTES || keygenId.length != BYTES) {
      throw new IllegalArgumentException(
          "expected a nonce and a key generation's id of %d bytes, got %d and %d"
              .formatted(BYTES, nonce.length, keygenId.length));
    }
    if (epoch < 0 || threshold < 2) {
      throw new IllegalArgumentException(
          "expected an epoch from 0 and a threshold from 2, got %d and %d"
              .formatted(epoch, threshold));
    }
    for (int i = 1; i < parties.size(); i++) {
      if (parties.get(i - 1).compareTo(parties.get(i)) >= 0) {
        throw new IllegalArgumentException("expected parties in ascending order, got " + parties);
      }
    }
    if (parties.size() < 2) {
      throw new IllegalArgumentException("expected at least two parties, got " + parties);
    }
    return new SessionId(
        Transcript.of("session")
            .add("protocol", protocol)
            .add("version", version)
            .add("key", keyId)
            .add("epoch", epoch)
            .addParties("parties", parties)
            .add("threshold", threshold)
            .add("nonce", nonce)
            .add("keygen", keygenId)
            .digest());
  }

  /// The name of something within this run, such as what is derived of it for one purpose.
  public SessionId within(String purpose, byte[] what) {
    return new SessionId(
        Transcript.of("session within")
            .add("session", this)
            .add("purpose", purpose)
            .add("what", what)
            .digest());
  }

  /// The messages of this run from one party to another: the opposite direction has another name.
  public PairId pair(Party from, Party to) {
    return PairId.of(this, from, to);
  }

  /// 32 bytes, not this object's own.
  public byte[] bytes() {
    return value.clone();
  }

  /// Reads what [#bytes] gives.
  public static SessionId ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "expected a session id of %d bytes, got %d".formatted(BYTES, bytes.length));
    }
    return new SessionId(bytes.clone());
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof SessionId other && MessageDigest.isEqual(value, other.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
