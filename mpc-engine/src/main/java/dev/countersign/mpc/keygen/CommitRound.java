package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.SingleUse;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.share.Lagrange;
import dev.countersign.mpc.share.Polynomial;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Round 1: each dealer commits to all that it will say, before it has seen anything of anybody.
///
/// @param <P> points of the group
public final class CommitRound<P extends Point<P>> implements AutoCloseable {
  private static final int COMMITMENT_BYTES = 32;

  private final DealingRun<P> run;
  private final Optional<OwnDealing<P>> own;
  private final SingleUse once = new SingleUse();
  private boolean handedOver;

  CommitRound(DealingRun<P> run, Optional<OwnDealing<P>> own) {
    this.run = run;
    this.own = own;
  }

  /// @param held the share of the previous epoch, which a dealer of it needs; not wiped here
  /// @throws ProtocolAbortException with MISMATCH when the plan is not for this party, its identity
  /// or its share
  public static <P extends Point<P>> CommitRound<P> begin(
      DealingPlan<P> plan,
      Party self,
      Identity identity,
      Optional<EpochShare<P>> held,
      SecureRandom random)
      throws ProtocolAbortException {
    if (!plan.participants().contains(self) || !plan.identity(self).equals(identity.known())) {
      throw mismatch("the plan has not this identity as " + self);
    }
    if (held.isPresent()
        && !(held.get().party().equals(self)
            && plan.previous().filter(held.get().key()::equals).isPresent())) {
      throw mismatch("the plan is for another key or epoch than the share of " + self);
    }
    DealingRun<P> run = new DealingRun<>(plan, self, identity, held);
    if (!run.isDealer()) {
      return new CommitRound<>(run, Optional.empty());
    }
    Scalar constant = constant(plan, self, held, random);
    Polynomial polynomial = Polynomial.of(constant, plan.threshold(), random);
    constant.wipe();
    return new CommitRound<>(
        run, Optional.of(new OwnDealing<>(polynomial, Opening.of(plan, self, polynomial, random))));
  }

  private static <P extends Point<P>> Scalar constant(
      DealingPlan<P> plan, Party self, Optional<EpochShare<P>> held, SecureRandom random)
      throws ProtocolAbortException {
    if (plan.previous().isPresent() && held.isEmpty()) {
      throw mismatch("%s has no share to deal".formatted(self));
    }
    return switch (plan.purpose()) {
      case GENERATION -> plan.group().scalars().random(random);
      case REFRESH -> plan.group().scalars().zero();
      case RESHARE ->
          held.orElseThrow()
              .share()
              .secret()
              .times(Lagrange.coefficient(plan.group().scalars(), plan.dealers(), self));
    };
  }

  private static ProtocolAbortException mismatch(String what) {
    return new ProtocolAbortException(Reason.MISMATCH, Optional.empty(), what);
  }

  /// What this party sends to each of the others.
  public SortedMap<Party, byte[]> messages() {
    return own.map(
            dealing ->
                run.toAll(
                    run.plan().participants(),
                    run.write(WireForm.DEALING_COMMITMENT).fixed(commitment(dealing)).finish()))
        .orElseGet(TreeMap::new);
  }

  /// What this party will say in round 3, if it deals.
  Optional<Opening<P>> opening() {
    return own.map(OwnDealing::opening);
  }

  private byte[] commitment(OwnDealing<P> dealing) {
    return dealing.opening().commitment(run.plan().session(), run.self());
  }

  /// @param messages one of each dealer but this party
  /// @throws ProtocolAbortException which leaves this round as it was where a message cannot be
  /// read, is missing or is of another session, and ends it else; with REUSE once it has ended
  public synchronized EchoRound<P> next(Map<Party, byte[]> messages) throws ProtocolAbortException {
    SortedMap<Party, byte[]> commitments = new TreeMap<>();
    own.ifPresent(dealing -> commitments.put(run.self(), commitment(dealing)));
    for (var message : run.fromAll(run.plan().dealers(), messages).entrySet()) {
      WireReader in = run.read(WireForm.DEALING_COMMITMENT, message.getKey(), message.getValue());
      commitments.put(message.getKey(), in.fixed(COMMITMENT_BYTES));
      in.end();
    }
    once.use("this round");
    handedOver = true;
    return new EchoRound<>(run, own, commitments);
  }

  /// Wipes the secrets of the run, unless the next round has them: it ends here.
  @Override
  public synchronized void close() {
    once.end();
    if (!handedOver) {
      own.ifPresent(OwnDealing::close);
    }
  }
}
