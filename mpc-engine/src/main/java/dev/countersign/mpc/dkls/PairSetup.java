package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.ot.ExtensionMessage;
import dev.countersign.mpc.ot.ReceiverSeeds;
import dev.countersign.mpc.ot.SenderSeeds;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.vole.VoleReceiver;
import dev.countersign.mpc.vole.VoleSender;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What one party keeps of its setup with one peer, for all signatures of one key in one epoch:
/// the base OTs of both directions, and the seed of the zero shares. As secret as a key share.
/// When the peer is banned it is discarded: a check that bans closes it. Whoever holds it closes
/// it.
public final class PairSetup implements AutoCloseable {
  static final int SEED_BYTES = 32;

  private final SessionId session;
  private final Party own;
  private final Party peer;
  private final ReceiverSeeds receiver;
  private final SenderSeeds sender;
  private final byte[] zeroSeed;

  /// Held while it is used: nobody uses a part of it that another one is wiping.
  private final Object lock = new Object();

  private boolean closed;

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

  /// Begins a multiplication of which the peer has the inputs.
  ///
  /// @param direction from this party to the peer
  /// @throws ProtocolAbortException with REUSE once this is closed
  VoleReceiver multiply(PairId direction, SecureRandom random) throws ProtocolAbortException {
    synchronized (lock) {
      requireOpen();
      return VoleReceiver.begin(direction, receiver, random);
    }
  }

  /// Answers a multiplication of which this party has the inputs.
  ///
  /// @param direction from the peer to this party
  /// @throws ProtocolAbortException which bans the peer where its request is not consistent; with
  /// REUSE once this is closed
  VoleSender.Answered answer(
      PairId direction, ExtensionMessage request, List<Scalar> inputs, SecureRandom random)
      throws ProtocolAbortException {
    return checking(() -> VoleSender.answer(direction, sender, request, inputs, random));
  }

  /// A check of what the peer has sent.
  interface Check<T> {
    T run() throws ProtocolAbortException;
  }

  /// Does what may ban the peer: one at a time, whatever sessions there are, and where it does this
  /// is closed before anybody hears of it. A peer that cheats in many sessions at once is told one
  /// thing.
  ///
  /// @throws ProtocolAbortException what the check throws, or with REUSE once this is closed
  <T> T checking(Check<T> check) throws ProtocolAbortException {
    synchronized (lock) {
      requireOpen();
      try {
        return check.run();
      } catch (ProtocolAbortException e) {
        if (e.bansCulprit()) {
          close();
        }
        throw e;
      }
    }
  }

  /// A copy, which the caller wipes.
  ///
  /// @throws ProtocolAbortException with REUSE once this is closed
  byte[] zeroSeed() throws ProtocolAbortException {
    synchronized (lock) {
      requireOpen();
      return zeroSeed.clone();
    }
  }

  /// @throws ProtocolAbortException with REUSE once this is closed
  void requireOpen() throws ProtocolAbortException {
    synchronized (lock) {
      if (closed) {
        throw new ProtocolAbortException(
            Reason.REUSE, Optional.empty(), "%s is closed".formatted(this));
      }
    }
  }

  /// Whether nothing is to be had of it any more.
  public boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  /// Holds the secrets in the clear: whoever stores it seals it first, and wipes these bytes.
  ///
  /// @throws ProtocolAbortException with REUSE once this is closed: what would be read again is a
  /// setup that everybody knows
  public byte[] encode() throws ProtocolAbortException {
    synchronized (lock) {
      requireOpen();
      return written();
    }
  }

  private byte[] written() throws ProtocolAbortException {
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

  /// Runs that have it go no further.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      receiver.close();
      sender.close();
      Arrays.fill(zeroSeed, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "the setup of %s with %s".formatted(own, peer);
  }
}
