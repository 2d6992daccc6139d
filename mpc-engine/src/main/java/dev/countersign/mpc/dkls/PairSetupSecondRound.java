package dev.countersign.mpc.dkls;

import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.SingleUse;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.ot.BaseOtReceiver;
import dev.countersign.mpc.ot.SeedTreeMessage;
import dev.countersign.mpc.ot.SeedTrees;
import dev.countersign.mpc.ot.SenderSeeds;
import dev.countersign.mpc.transcript.PairId;
import dev.countersign.mpc.transcript.Transcript;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/// Setup with one peer, second round: both send what the peer's seed trees need, and open the
/// commitment of their part of the zero seed.
public final class PairSetupSecondRound implements AutoCloseable {
  private final PairId outward;
  private final SeedTrees.Grown grown;
  private final BaseOtReceiver receiver;
  private final Secp256k1Point key;
  private final byte[] opening;
  private final byte[] commitment;
  private final byte[] message;
  private final SingleUse once = new SingleUse();
  private boolean handedOver;

  PairSetupSecondRound(
      PairId outward,
      SeedTrees.Grown grown,
      BaseOtReceiver receiver,
      Secp256k1Point key,
      byte[] opening,
      byte[] commitment) {
    this.outward = outward;
    this.grown = grown;
    this.receiver = receiver;
    this.key = key;
    this.opening = opening;
    this.commitment = commitment;
    this.message =
        Addressed.writer(WireForm.PAIR_SETUP_SECOND, outward)
            .fixed(grown.message().corrections())
            .fixed(grown.message().check())
            .fixed(opening)
            .finish();
  }

  /// For the peer: the same bytes whenever they are asked for.
  public byte[] message() {
    return message.clone();
  }

  /// @param received the peer's message of this round
  /// @throws ProtocolAbortException which bans the peer where its trees are not consistent; which
  /// leaves this round as it was where the message cannot be read or is for another session
  public synchronized PairSetup finish(byte[] received) throws ProtocolAbortException {
    PairId inward = outward.reversed();
    WireReader in = Addressed.reader(WireForm.PAIR_SETUP_SECOND, inward, received);
    SeedTreeMessage trees =
        new SeedTreeMessage(
            in.fixed(SeedTreeMessage.CORRECTION_BYTES), in.fixed(SeedTreeMessage.CHECK_BYTES));
    byte[] opened = in.fixed(opening.length);
    in.end();
    once.use("the second round of this setup");
    try {
      if (!MessageDigest.isEqual(commitment, PairSetupFirstRound.commitment(inward, opened))) {
        throw new ProtocolAbortException(
            Reason.BAD_PROOF,
            Optional.of(outward.to()),
            "its part of the zero seed is not what it has committed to");
      }
      SenderSeeds sender = SeedTrees.puncture(inward, receiver, key, trees);
      handedOver = true;
      return new PairSetup(
          outward.session(), outward.from(), outward.to(), grown.seeds(), sender, zeroSeed(opened));
    } finally {
      close();
    }
  }

  /// Of both parts, the lower party's first.
  private byte[] zeroSeed(byte[] opened) {
    boolean lower = outward.from().compareTo(outward.to()) < 0;
    return Transcript.of("zero seed")
        .add("pair", lower ? outward : outward.reversed())
        .add("lower", lower ? opening : opened)
        .add("higher", lower ? opened : opening)
        .digest();
  }

  /// Nothing comes of it, or it has been finished: then the setup has what this had.
  @Override
  public synchronized void close() {
    once.end();
    if (!handedOver) {
      grown.seeds().close();
    }
    receiver.close();
    Arrays.fill(opening, (byte) 0);
  }
}
