package dev.countersign.mpc.transcript;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.ExpandedMessage;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The input of one SHA-256, field by field. Each field is written with the length of its label,
/// its label, the length of its value and its value, so that no two different lists of fields are
/// the same bytes. The first field is the domain: one for each use of a hash.
///
/// It is mutable, belongs to one thread and is over when something is taken out of it.
public final class Transcript {
  /// Of everything that is hashed here. Another way of writing fields has another number.
  private static final String FORMAT = "countersign-mpc-1";

  private final MessageDigest digest;

  private Transcript(MessageDigest digest) {
    this.digest = digest;
  }

  /// @param domain what the hash is for, which nothing else is
  public static Transcript of(String domain) {
    return new Transcript(sha256()).add(FORMAT, domain.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// One that has the same fields so far, and goes its own way from here.
  public Transcript copy() {
    try {
      return new Transcript((MessageDigest) digest.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  public Transcript add(String label, byte[] value) {
    byte[] name = label.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, name.length));
    digest.update(name);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, value.length));
    digest.update(value);
    return this;
  }

  public Transcript add(String label, long number) {
    return add(label, ByteBuffer.allocate(Long.BYTES).putLong(0, number).array());
  }

  public Transcript add(String label, String text) {
    return add(label, text.getBytes(StandardCharsets.UTF_8));
  }

  public Transcript add(String label, Party party) {
    return add(label, party.number());
  }

  /// @param point not the identity
  public Transcript add(String label, Point<?> point) {
    return add(label, point.encode());
  }

  /// A scalar that may be secret: no copy of it is left behind.
  public Transcript add(String label, Scalar scalar) {
    byte[] encoded = scalar.encode();
    add(label, encoded);
    Arrays.fill(encoded, (byte) 0);
    return this;
  }

  public Transcript add(String label, SessionId session) {
    return add(label, session.bytes());
  }

  public Transcript add(String label, PairId pair) {
    return add(label, pair.bytes());
  }

  /// How many there are, then each in the order given.
  public Transcript addAll(String label, List<byte[]> values) {
    add(label, values.size());
    values.forEach(value -> add(label, value));
    return this;
  }

  /// How many there are, then each in the order given.
  public Transcript addParties(String label, Collection<Party> parties) {
    add(label, parties.size());
    parties.forEach(party -> add(label, party));
    return this;
  }

  /// 32 bytes.
  public byte[] digest() {
    return digest.digest();
  }

  /// As many bytes as are asked for, by `expand_message_xmd` of RFC 9380 from the digest.
  ///
  /// @param length 8,160 at most
  public byte[] expand(int length) {
    byte[] seed = digest();
    try {
      return ExpandedMessage.of(seed, FORMAT + " expand", length);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /// A scalar of secp256k1, uniform but for a part in 2^128.
  public Scalar secp256k1Scalar() {
    byte[] seed = digest();
    try {
      return ExpandedMessage.secp256k1Scalar(seed, FORMAT + " scalar");
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }
}
