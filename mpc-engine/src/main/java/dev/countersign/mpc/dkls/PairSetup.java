package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ot.ReceiverSeeds;
import dev.countersign.mpc.ot.SenderSeeds;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Arrays;
import java.util.Optional;

/// What one party keeps of its setup with one peer, for all signatures of one key in one epoch:
/// the base OTs of both directions, and the seed of the zero shares. As secret as a key share.
/// When the peer is banned it is discarded. Whoever holds it closes it.
public final class PairSetup implements AutoCloseable {
  static final int SEED_BYTES = 32;

  private final SessionId session;
  private final Party own;
  private final Party peer;
  private final ReceiverSeeds receiver;
  private final SenderSeeds sender;
  private final byte[] zeroSeed;

  /// @param session of the setup
  PairSetup(
      SessionId session,
      Party own,
      Party peer,
      ReceiverSeeds receiver,
      SenderSeeds sender,
      byte[] zeroSeed) {
    this.session = session;
    this.own = own;
    this.peer = peer;
    this.receiver = receiver;
    this.sender = sender;
    this.zeroSeed = zeroSeed;
  }

  public SessionId session() {
    return session;
  }

  public Party own() {
    return own;
  }

  public Party peer() {
    return peer;
  }

  ReceiverSeeds receiver() {
    return receiver;
  }

  SenderSeeds sender() {
    return sender;
  }

  byte[] zeroSeed() {
    return zeroSeed;
  }

  /// Holds the secrets in the clear: whoever stores it seals it first, and wipes these bytes.
  public byte[] encode() {
    byte[] all = receiver.bytes();
    byte[] most = sender.bytes();
    byte[] encoded =
        new WireWriter(WireForm.PAIR_SETUP)
            .fixed(session.bytes())
            .party(own)
            .party(peer)
            .fixed(all)
            .fixed(most)
            .fixed(zeroSeed)
            .finish();
    Arrays.fill(all, (byte) 0);
    Arrays.fill(most, (byte) 0);
    return encoded;
  }

  /// @throws ProtocolAbortException with MALFORMED for what [#encode] does not write
  public static PairSetup decode(byte[] bytes) throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.PAIR_SETUP, bytes, Optional.empty());
    SessionId session = SessionId.ofBytes(in.fixed(SessionId.BYTES));
    Party own = in.party();
    Party peer = in.party();
    if (own.equals(peer)) {
      throw in.malformed("a setup of a party with itself");
    }
    byte[] all = in.fixed(ReceiverSeeds.BYTES);
    byte[] most = in.fixed(SenderSeeds.BYTES);
    byte[] zeroSeed = in.fixed(SEED_BYTES);
    in.end();
    PairSetup setup =
        new PairSetup(
            session, own, peer, ReceiverSeeds.ofBytes(all), SenderSeeds.ofBytes(most), zeroSeed);
    Arrays.fill(all, (byte) 0);
    Arrays.fill(most, (byte) 0);
    return setup;
  }

  @Override
  public void close() {
    receiver.close();
    sender.close();
    Arrays.fill(zeroSeed, (byte) 0);
  }

  @Override
  public String toString() {
    return "the setup of %s with %s".formatted(own, peer);
  }
}
