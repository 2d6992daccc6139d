package dev.countersign.mpc.key;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Optional;

/// What one party holds of a key in one epoch. It has no text form beyond whose it is; its owner
/// wipes it.
///
/// @param <P> points of the group
public final class EpochShare<P extends Point<P>> implements AutoCloseable {
  private final EpochKey<P> key;
  private final KeyShare<P> share;

  /// @param secret from now on this object's own
  /// @throws IllegalArgumentException when it is not the party's
  public EpochShare(EpochKey<P> key, Party party, Scalar secret) {
    this.key = key;
    this.share = new KeyShare<>(party, secret, key.key());
    if (!key.group().generate(secret).equals(key.share(party))) {
      throw new IllegalArgumentException("a secret that is not the share of " + party);
    }
  }

  public EpochKey<P> key() {
    return key;
  }

  public Party party() {
    return share.party();
  }

  /// What signing takes. It is wiped with this object.
  public KeyShare<P> share() {
    return share;
  }

  /// Holds the secret in the clear: whoever stores it seals it first, and wipes these bytes.
  public byte[] encode() {
    byte[] known = key.encode();
    return new WireWriter(WireForm.EPOCH_SHARE)
        .sized(known)
        .party(party())
        .scalar(share.secret())
        .finish();
  }

  /// @throws ProtocolAbortException with MALFORMED for what [#encode] does not write
  public static <P extends Point<P>> EpochShare<P> decode(Group<P> group, byte[] bytes)
      throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.EPOCH_SHARE, bytes, Optional.empty());
    EpochKey<P> key = EpochKey.decode(group, in.sized(bytes.length));
    Party party = in.party();
    Scalar secret = in.scalar(group.scalars());
    try {
      in.end();
      return new EpochShare<>(key, party, secret);
    } catch (IllegalArgumentException e) {
      secret.wipe();
      throw in.malformed(String.valueOf(e.getMessage()));
    } catch (ProtocolAbortException e) {
      secret.wipe();
      throw e;
    }
  }

  @Override
  public void close() {
    share.secret().wipe();
  }

  @Override
  public String toString() {
    return "%s's share in %s".formatted(party(), key);
  }
}
