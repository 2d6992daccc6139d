package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.share.Polynomial;
import dev.countersign.mpc.transcript.SessionId;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.util.Arrays;
import java.util.Optional;

/// Parties that begin as no honest one does, and changes to messages on the line.
final class Cheat {
  private Cheat() {}

  static <P extends Point<P>> DealingRun<P> run(DealingPlan<P> plan, Party self) {
    return new DealingRun<>(plan, self, Ceremony.identity(self), Optional.empty());
  }

  /// Deals another secret than it should.
  static <P extends Point<P>> CommitRound<P> dealing(
      DealingPlan<P> plan, Party self, Scalar constant) {
    return dealing(plan, self, self, Polynomial.of(constant, plan.threshold(), Ceremony.RANDOM));
  }

  /// Proves what it knows in the name of somebody else, or in another session than its own.
  static <P extends Point<P>> CommitRound<P> proving(
      DealingPlan<P> plan, Party self, DealingPlan<P> proven, Party prover) {
    Scalar constant = plan.group().scalars().random(Ceremony.RANDOM);
    Polynomial polynomial = Polynomial.of(constant, plan.threshold(), Ceremony.RANDOM);
    return new CommitRound<>(
        run(plan, self),
        Optional.of(
            new OwnDealing<>(polynomial, Opening.of(proven, prover, polynomial, Ceremony.RANDOM))));
  }

  /// Deals a polynomial of another degree.
  static <P extends Point<P>> CommitRound<P> ofDegree(
      DealingPlan<P> plan, Party self, int threshold) {
    Scalar constant = plan.group().scalars().random(Ceremony.RANDOM);
    return dealing(plan, self, self, Polynomial.of(constant, threshold, Ceremony.RANDOM));
  }

  private static <P extends Point<P>> CommitRound<P> dealing(
      DealingPlan<P> plan, Party self, Party prover, Polynomial polynomial) {
    return new CommitRound<>(
        run(plan, self),
        Optional.of(
            new OwnDealing<>(polynomial, Opening.of(plan, prover, polynomial, Ceremony.RANDOM))));
  }

  /// The opening within a message of round 3.
  static byte[] opening(byte[] reveal) throws ProtocolAbortException {
    WireReader in = new WireReader(WireForm.DEALING_REVEAL, reveal, Optional.empty());
    in.fixed(SessionId.BYTES);
    return in.sized(reveal.length);
  }

  /// The same message of round 3 with another opening.
  static byte[] withOpening(byte[] reveal, byte[] opening) throws ProtocolAbortException {
    int before = 2 + SessionId.BYTES;
    int after = before + 2 + opening(reveal).length;
    return new WireWriter(WireForm.DEALING_REVEAL)
        .fixed(Arrays.copyOfRange(reveal, 2, before))
        .sized(opening)
        .fixed(Arrays.copyOfRange(reveal, after, reveal.length))
        .finish();
  }

  static byte[] commitment(SessionId session, byte[] commitment) {
    return new WireWriter(WireForm.DEALING_COMMITMENT)
        .fixed(session.bytes())
        .fixed(commitment)
        .finish();
  }

  static byte[] echo(SessionId session, byte[] echo) {
    return new WireWriter(WireForm.DEALING_ECHO).fixed(session.bytes()).fixed(echo).finish();
  }

  static byte[] flipped(byte[] message, int at) {
    byte[] changed = message.clone();
    changed[at] ^= 1;
    return changed;
  }
}
