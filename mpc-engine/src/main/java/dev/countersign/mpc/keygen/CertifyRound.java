package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.SingleUse;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.GroupKey;
import dev.countersign.mpc.key.Outcome;
import dev.countersign.mpc.key.PreparedKey;
import dev.countersign.mpc.keygen.DealingPlan.Purpose;
import dev.countersign.mpc.transcript.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Round 4: all sign what came out. What each of them then stores is a [PreparedKey], and nobody
/// uses it before all have signed that they did.
///
/// @param <P> points of the group
public final class CertifyRound<P extends Point<P>> implements AutoCloseable {
  private final DealingRun<P> run;
  private final PreparedKey<P> prepared;
  private final SingleUse once = new SingleUse();
  private boolean handedOver;

  private CertifyRound(DealingRun<P> run, PreparedKey<P> prepared) {
    this.run = run;
    this.prepared = prepared;
  }

  /// @param shares of each dealer for this party, verified; none if it receives none
  static <P extends Point<P>> CertifyRound<P> of(
      DealingRun<P> run,
      SortedMap<Party, byte[]> commitments,
      SortedMap<Party, Opening<P>> openings,
      SortedMap<Party, Scalar> shares)
      throws ProtocolAbortException {
    EpochKey<P> key = key(run.plan(), openings);
    byte[] digest =
        Transcript.of("dealing outcome")
            .add("session", run.plan().session())
            .addAll("commitments", List.copyOf(commitments.values()))
            .add("key", key.encode())
            .digest();
    Outcome outcome = new Outcome(run.plan().session(), run.plan().identities(), digest);
    return new CertifyRound<>(
        run, new PreparedKey<>(outcome, run.self(), key, share(run, key, shares)));
  }

  private static <P extends Point<P>> EpochKey<P> key(
      DealingPlan<P> plan, SortedMap<Party, Opening<P>> openings) throws ProtocolAbortException {
    P sum = plan.group().identity();
    for (Opening<P> opening : openings.values()) {
      sum = sum.plus(opening.vector().constant());
    }
    Optional<EpochKey<P>> previous = plan.previous();
    P point =
        plan.purpose() == Purpose.REFRESH ? previous.orElseThrow().key().point().plus(sum) : sum;
    SortedMap<Party, P> shares = new TreeMap<>();
    for (Party party : plan.receivers()) {
      P share =
          plan.purpose() == Purpose.REFRESH
              ? previous.orElseThrow().share(party)
              : plan.group().identity();
      for (Opening<P> opening : openings.values()) {
        share = share.plus(opening.vector().at(party));
      }
      shares.put(party, share);
    }
    if (point.isIdentity() || shares.values().stream().anyMatch(Point::isIdentity)) {
      throw bad("a key or a share of it is zero");
    }
    if (previous.isPresent() && !previous.get().key().point().equals(point)) {
      throw bad("the public key would be another one");
    }
    EpochKey<P> key =
        new EpochKey<>(
            plan.group(),
            plan.keyId(),
            plan.epoch(),
            previous.map(EpochKey::keygen).orElse(plan.session()),
            previous.map(EpochKey::chainCode).orElseGet(() -> chainCode(plan, openings)),
            new GroupKey<>(plan.threshold(), point, shares));
    if (!key.isConsistent()) {
      throw bad("the shares do not make the key");
    }
    return key;
  }

  private static <P extends Point<P>> byte[] chainCode(
      DealingPlan<P> plan, SortedMap<Party, Opening<P>> openings) {
    List<byte[]> parts = new ArrayList<>();
    openings.values().forEach(opening -> parts.add(opening.chainCode()));
    return Transcript.of("chain code")
        .add("session", plan.session())
        .addAll("parts", parts)
        .digest();
  }

  private static <P extends Point<P>> Optional<EpochShare<P>> share(
      DealingRun<P> run, EpochKey<P> key, SortedMap<Party, Scalar> shares)
      throws ProtocolAbortException {
    if (!run.isReceiver()) {
      return Optional.empty();
    }
    Scalar secret = run.plan().group().scalars().zero();
    if (run.plan().purpose() == Purpose.REFRESH) {
      secret = secret.plus(run.held().orElseThrow().share().secret());
    }
    for (Scalar share : shares.values()) {
      Scalar sum = secret.plus(share);
      secret.wipe();
      secret = sum;
    }
    try {
      return Optional.of(new EpochShare<>(key, run.self(), secret));
    } catch (IllegalArgumentException e) {
      secret.wipe();
      throw bad("this party's share is not the one in the key");
    }
  }

  private static ProtocolAbortException bad(String what) {
    return new ProtocolAbortException(Reason.BAD_RESULT, Optional.empty(), what);
  }

  /// What this party sends to each of the others: that it certifies what came out.
  public SortedMap<Party, byte[]> messages() {
    Statement statement = prepared.outcome().state(Kind.CERTIFIED, run.self(), run.identity());
    return run.toAll(run.plan().participants(), statement.encode());
  }

  /// @param messages one of each participant but this party
  /// @return what the caller stores, by [dev.countersign.mpc.key.KeyLedger#prepare]
  /// @throws ProtocolAbortException which leaves this round as it was where a message cannot be
  /// read, is missing or is of another session, and ends it else; with REUSE once it has ended
  public synchronized PreparedKey<P> next(Map<Party, byte[]> messages)
      throws ProtocolAbortException {
    List<Statement> statements = new ArrayList<>();
    for (var message : run.fromAll(run.plan().participants(), messages).entrySet()) {
      statements.add(read(message.getKey(), message.getValue()));
    }
    once.use("this round");
    try {
      prepared.outcome().requireAll(Kind.CERTIFIED, run.self(), statements);
      handedOver = true;
      return prepared;
    } finally {
      close();
    }
  }

  private Statement read(Party sender, byte[] message) throws ProtocolAbortException {
    Statement statement = Statement.decode(message, Optional.of(sender));
    if (!statement.session().equals(run.plan().session())) {
      throw new ProtocolAbortException(
          Reason.MISMATCH,
          Optional.empty(),
          "a statement on session %s in the place of %s".formatted(statement.session(), sender));
    }
    if (!statement.party().equals(sender)) {
      throw new ProtocolAbortException(
          Reason.MISMATCH, Optional.of(sender), "it sends a statement of " + statement.party());
    }
    return statement;
  }

  /// Wipes the new share, unless it has been handed over: the run ends here.
  @Override
  public synchronized void close() {
    once.end();
    if (!handedOver) {
      prepared.share().ifPresent(EpochShare::close);
    }
  }
}
