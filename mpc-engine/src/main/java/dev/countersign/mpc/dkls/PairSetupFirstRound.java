package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.SingleUse;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.ot.BaseOtChoices;
import dev.countersign.mpc.ot.BaseOtReceiver;
import dev.countersign.mpc.ot.BaseOtSender;
import dev.countersign.mpc.ot.SeedTrees;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.transcript.Transcript;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Setup with one peer, first round: both send the key of their base OTs, their choices in the
/// peer's and a commitment to their part of the zero seed. Both directions run at once.
public final class PairSetupFirstRound implements AutoCloseable {
  private static final int COMMITMENT_BYTES = 32;

  private final PairId outward;
  private final BaseOtSender sender;
  private final BaseOtReceiver receiver;

  /// Half of the zero seed, and what makes the commitment hide it.
  private final byte[] opening;

  private final byte[] message;
  private final SingleUse once = new SingleUse();
  private boolean handedOver;

  private PairSetupFirstRound(
      PairId outward, BaseOtSender sender, BaseOtReceiver receiver, byte[] opening) {
    this.outward = outward;
    this.sender = sender;
    this.receiver = receiver;
    this.opening = opening;
    WireWriter out = Addressed.writer(WireForm.PAIR_SETUP_FIRST, outward).point(sender.message());
    receiver.message().points().forEach(out::point);
    this.message = out.fixed(commitment(outward, opening)).finish();
  }

  /// @param session of the setup: of one key in one epoch, never used before
  public static PairSetupFirstRound begin(
      SessionId session, Party own, Party peer, SecureRandom random) {
    PairId outward = session.pair(own, peer);
    byte[] opening = new byte[2 * PairSetup.SEED_BYTES];
    random.nextBytes(opening);
    return new PairSetupFirstRound(
        outward,
        BaseOtSender.draw(outward, random),
        BaseOtReceiver.draw(outward.reversed(), random),
        opening);
  }

  static byte[] commitment(PairId from, byte[] opening) {
    return Transcript.of("zero seed commitment").add("pair", from).add("opening", opening).digest();
  }

  /// For the peer.
  public byte[] message() {
    return message.clone();
  }

  /// @param received the peer's message of this round
  /// @throws ProtocolAbortException which leaves this round as it was where the message cannot be
  /// read or is for another session, and ends it else
  public synchronized PairSetupSecondRound receive(byte[] received) throws ProtocolAbortException {
    WireReader in = Addressed.reader(WireForm.PAIR_SETUP_FIRST, outward.reversed(), received);
    Secp256k1Point key = in.point(Secp256k1Group.INSTANCE);
    List<Secp256k1Point> points = new ArrayList<>();
    for (int i = 0; i < BaseOtChoices.POINTS; i++) {
      points.add(in.point(Secp256k1Group.INSTANCE));
    }
    byte[] commitment = in.fixed(COMMITMENT_BYTES);
    in.end();
    once.use("the first round of this setup");
    try {
      SeedTrees.Grown grown = SeedTrees.grow(outward, sender, new BaseOtChoices(points));
      handedOver = true;
      return new PairSetupSecondRound(outward, grown, receiver, key, opening, commitment);
    } finally {
      close();
    }
  }

  /// Nothing comes of it, or it has gone on: then the next round has what this one had.
  @Override
  public synchronized void close() {
    once.end();
    sender.close();
    if (!handedOver) {
      receiver.close();
      Arrays.fill(opening, (byte) 0);
    }
  }
}
