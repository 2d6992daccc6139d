package dev.countersign.mpc.key;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.share.Lagrange;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What all know of a key while one set of shares is in use.
///
/// @param <P> points of the group
public final class EpochKey<P extends Point<P>> {
  public static final int CHAIN_CODE_BYTES = 32;
  public static final int LONGEST_KEY_ID = 64;

  private final Group<P> group;
  private final byte[] keyId;
  private final long epoch;
  private final SessionId keygen;
  private final byte[] chainCode;
  private final GroupKey<P> key;

  /// @param group whose points these are
  /// @param keyId as the session ids have it, 1 to 64 bytes
  /// @param epoch how often the shares were made anew; 0 after key generation
  /// @param keygen the session that made the key
  /// @param chainCode 32 bytes, by BIP-32
  /// @param key the public key and the shares of this epoch
  public EpochKey(
      Group<P> group,
      byte[] keyId,
      long epoch,
      SessionId keygen,
      byte[] chainCode,
      GroupKey<P> key) {
    if (keyId.length < 1 || keyId.length > LONGEST_KEY_ID || epoch < 0) {
      throw new IllegalArgumentException(
          "expected a key id of 1 to %d bytes and an epoch from 0, got %d and %d"
              .formatted(LONGEST_KEY_ID, keyId.length, epoch));
    }
    if (chainCode.length != CHAIN_CODE_BYTES) {
      throw new IllegalArgumentException(
          "expected a chain code of %d bytes, got %d"
              .formatted(CHAIN_CODE_BYTES, chainCode.length));
    }
    if (key.point().isIdentity() || key.shares().values().stream().anyMatch(Point::isIdentity)) {
      throw new IllegalArgumentException("a key or a share of it is the identity");
    }
    this.group = group;
    this.keyId = keyId.clone();
    this.epoch = epoch;
    this.keygen = keygen;
    this.chainCode = chainCode.clone();
    this.key = key;
  }

  public Group<P> group() {
    return group;
  }

  /// 1 to 64 bytes, not this object's own.
  public byte[] keyId() {
    return keyId.clone();
  }

  /// How often the shares were made anew; 0 after key generation.
  public long epoch() {
    return epoch;
  }

  /// The session that made the key.
  public SessionId keygen() {
    return keygen;
  }

  /// 32 bytes, not this object's own.
  public byte[] chainCode() {
    return chainCode.clone();
  }

  /// The public key and the shares of this epoch.
  public GroupKey<P> key() {
    return key;
  }

  /// Ascending.
  public SortedSet<Party> parties() {
    return new TreeSet<>(key.shares().keySet());
  }

  public P share(Party party) {
    return Optional.ofNullable(key.shares().get(party)).orElseThrow();
  }

  /// Whether all shares are values of one polynomial of the threshold's degree, whose value at zero
  /// is the key.
  public boolean isConsistent() {
    List<Party> parties = List.copyOf(parties());
    List<Party> first = parties.subList(0, key.threshold());
    if (!at(first, Optional.empty()).equals(key.point())) {
      return false;
    }
    return parties.stream()
        .skip(key.threshold())
        .allMatch(party -> at(first, Optional.of(party)).equals(share(party)));
  }

  /// The value at a party, or at zero, by that of others.
  private P at(List<Party> parties, Optional<Party> place) {
    var field = group.scalars();
    var at = place.map(party -> field.of(party.number())).orElseGet(field::zero);
    return group.sumOfProducts(
        parties.stream().map(this::share).toList(),
        parties.stream().map(party -> Lagrange.coefficient(field, parties, party, at)).toList());
  }

  /// 32 bytes.
  public byte[] digest() {
    return Transcript.of("epoch key").add("key", encode()).digest();
  }

  public byte[] encode() {
    WireWriter out =
        new WireWriter(WireForm.EPOCH_KEY)
            .u8(GroupCode.of(group))
            .sized(keyId)
            .u64(epoch)
            .fixed(keygen.bytes())
            .fixed(chainCode)
            .u8(key.threshold())
            .point(key.point())
            .parties(key.shares().keySet());
    parties().forEach(party -> out.point(share(party)));
    return out.finish();
  }

  /// @throws ProtocolAbortException with MALFORMED for what [#encode] does not write, and for
  /// shares that do not make the key
  public static <P extends Point<P>> EpochKey<P> decode(Group<P> group, byte[] bytes)
      throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.EPOCH_KEY, bytes, Optional.empty());
    int code = in.u8();
    if (code != GroupCode.of(group)) {
      throw in.malformed("a key of group %d, expected one of %s".formatted(code, group.scalars()));
    }
    byte[] keyId = in.sized(LONGEST_KEY_ID);
    long epoch = in.u64();
    SessionId keygen = SessionId.ofBytes(in.fixed(SessionId.BYTES));
    byte[] chainCode = in.fixed(CHAIN_CODE_BYTES);
    int threshold = in.u8();
    P point = in.point(group);
    List<Party> parties = new ArrayList<>(in.parties());
    SortedMap<Party, P> shares = new TreeMap<>();
    for (Party party : parties) {
      shares.put(party, in.point(group));
    }
    in.end();
    if (keyId.length < 1 || epoch < 0 || threshold < 2 || threshold > shares.size()) {
      throw in.malformed(
          "a key id of %d bytes, epoch %d, threshold %d of %d parties"
              .formatted(keyId.length, epoch, threshold, shares.size()));
    }
    EpochKey<P> key =
        new EpochKey<>(
            group, keyId, epoch, keygen, chainCode, new GroupKey<>(threshold, point, shares));
    if (!key.isConsistent()) {
      throw in.malformed("shares that are not those of the key");
    }
    return key;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof EpochKey<?> other
        && group.equals(other.group)
        && Arrays.equals(encode(), other.encode());
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return "epoch %d of a key of %s".formatted(epoch, group.scalars());
  }
}
