package dev.countersign.mpc.derivation;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.MalformedElementException;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.GroupKey;
import dev.countersign.mpc.key.KeyShare;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A child of a key on secp256k1 by the public derivation of BIP-32, any number of steps down. All
/// of it is public: whoever knows the key and its chain code derives it, so that each party does so
/// for itself. Whoever learns the secret of one child and the chain code has the secret of all.
///
/// Hardened children need the secret key whole, which nobody has. On Ed25519 nothing is derived:
/// SLIP-10 has hardened children alone there, and the schemes with others add to keys in ways that
/// no standard has settled.
///
/// @param <P> points of the group
public final class DerivedKey<P extends Point<P>> {
  private static final String ALGORITHM = "HmacSHA512";

  private final Group<P> group;
  private final P point;
  private final byte[] chainCode;
  private final Scalar offset;

  private DerivedKey(Group<P> group, P point, byte[] chainCode, Scalar offset) {
    this.group = group;
    this.point = point;
    this.chainCode = chainCode;
    this.offset = offset;
  }

  /// @param path indices from 0 to 2^31 - 1, the first step first; the key itself if it is empty
  /// @throws UnderivableKeyException for a hardened index, for a group that has no such derivation,
  /// and for the one index in 2^127 that has no child
  public static <P extends Point<P>> DerivedKey<P> of(EpochKey<P> key, List<Integer> path)
      throws UnderivableKeyException {
    return of(key.group(), key.key().point(), key.chainCode(), path);
  }

  static <P extends Point<P>> DerivedKey<P> of(
      Group<P> group, P point, byte[] chainCode, List<Integer> path)
      throws UnderivableKeyException {
    if (group.scalars() != ScalarField.SECP256K1) {
      throw new UnderivableKeyException(
          "BIP-32 derives keys of secp256k1; there is no standard for unhardened children of "
              + group.scalars());
    }
    DerivedKey<P> derived =
        new DerivedKey<>(group, point, chainCode.clone(), group.scalars().zero());
    for (int index : path) {
      derived = derived.child(index);
    }
    return derived;
  }

  /// BIP-32, CKDpub.
  private DerivedKey<P> child(int index) throws UnderivableKeyException {
    if (index < 0) {
      throw new UnderivableKeyException(
          "index %d is hardened, which needs the secret key whole"
              .formatted(Integer.toUnsignedLong(index)));
    }
    byte[] encoded = point.encode();
    byte[] hash =
        hmac(
            chainCode,
            ByteBuffer.allocate(encoded.length + Integer.BYTES).put(encoded).putInt(index).array());
    try {
      Scalar step = group.scalars().decode(Arrays.copyOf(hash, ScalarField.BYTES));
      P child = point.plus(group.generate(step));
      if (child.isIdentity()) {
        throw new UnderivableKeyException("index %d has no child".formatted(index));
      }
      return new DerivedKey<>(
          group,
          child,
          Arrays.copyOfRange(hash, ScalarField.BYTES, hash.length),
          offset.plus(step));
    } catch (MalformedElementException e) {
      throw new UnderivableKeyException("index %d has no child".formatted(index));
    }
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The public key.
  public P point() {
    return point;
  }

  /// 32 bytes, not this object's own.
  public byte[] chainCode() {
    return chainCode.clone();
  }

  /// What the child's secret is more than the key's.
  public Scalar offset() {
    return offset;
  }

  /// The party's share of the child: its own with the offset added, as the shares of all have it.
  /// The caller wipes its secret.
  ///
  /// @throws IllegalArgumentException when this is no child of the share's key
  public KeyShare<P> share(EpochShare<P> held) {
    GroupKey<P> key = held.share().key();
    P shift = group.generate(offset);
    if (!key.point().plus(shift).equals(point)) {
      throw new IllegalArgumentException("a share of another key");
    }
    SortedMap<Party, P> shares = new TreeMap<>();
    key.shares().forEach((party, share) -> shares.put(party, share.plus(shift)));
    return new KeyShare<>(
        held.party(),
        held.share().secret().plus(offset),
        new GroupKey<>(key.threshold(), point, shares));
  }
}
