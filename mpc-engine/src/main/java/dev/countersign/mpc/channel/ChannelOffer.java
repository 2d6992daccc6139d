package dev.countersign.mpc.channel;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Arrays;
import java.util.Optional;

/// A fresh X25519 key of one party for one session with one other, signed by its identity.
public final class ChannelOffer {
  static final int KEY_BYTES = 32;

  private final PairId pair;
  private final byte[] ephemeral;
  private final byte[] signature;

  private ChannelOffer(PairId pair, byte[] ephemeral, byte[] signature) {
    this.pair = pair;
    this.ephemeral = ephemeral;
    this.signature = signature;
  }

  static ChannelOffer of(PairId pair, byte[] ephemeral, Identity identity) {
    return new ChannelOffer(pair, ephemeral, identity.sign(signed(pair, ephemeral)));
  }

  private static byte[] signed(PairId pair, byte[] ephemeral) {
    return Transcript.of("channel offer").add("pair", pair).add("ephemeral", ephemeral).digest();
  }

  boolean isFrom(PairId expected, PeerIdentity identity) {
    return pair.equals(expected) && identity.verifies(signed(pair, ephemeral), signature);
  }

  /// Whose it is and for whom.
  public PairId pair() {
    return pair;
  }

  /// 32 bytes, by RFC 7748.
  byte[] ephemeral() {
    return ephemeral.clone();
  }

  public byte[] encode() {
    return new WireWriter(WireForm.CHANNEL_OFFER)
        .fixed(pair.session().bytes())
        .party(pair.from())
        .party(pair.to())
        .fixed(ephemeral)
        .fixed(signature)
        .finish();
  }

  /// @throws ProtocolAbortException with MALFORMED for what [#encode] does not write
  public static ChannelOffer decode(byte[] bytes) throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.CHANNEL_OFFER, bytes, Optional.empty());
    SessionId session = SessionId.ofBytes(in.fixed(SessionId.BYTES));
    Party from = in.party();
    Party to = in.party();
    if (from.equals(to)) {
      throw in.malformed("an offer of %s to itself".formatted(from));
    }
    byte[] ephemeral = in.fixed(KEY_BYTES);
    byte[] signature = in.fixed(PeerIdentity.SIGNATURE_BYTES);
    in.end();
    return new ChannelOffer(session.pair(from, to), ephemeral, signature);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof ChannelOffer other && Arrays.equals(encode(), other.encode());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return "an offer of %s to %s in session %s".formatted(pair.from(), pair.to(), pair.session());
  }
}
