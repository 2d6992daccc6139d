package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.SingleUse;
import dev.countersign.mpc.broadcast.EchoBroadcast;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Round 2: all say which commitments they have got. Nobody opens its own before it knows that all
/// have the same, so that nobody chooses after it has seen another's.
///
/// @param <P> points of the group
public final class EchoRound<P extends Point<P>> implements AutoCloseable {
  private final DealingRun<P> run;
  private final Optional<OwnDealing<P>> own;
  private final SortedMap<Party, byte[]> commitments;
  private final EchoBroadcast echo;
  private final SingleUse once = new SingleUse();
  private boolean handedOver;

  EchoRound(DealingRun<P> run, Optional<OwnDealing<P>> own, SortedMap<Party, byte[]> commitments) {
    this.run = run;
    this.own = own;
    this.commitments = commitments;
    this.echo = EchoBroadcast.of(run.plan().session(), "commitments", commitments);
  }

  /// What this party sends to each of the others.
  public SortedMap<Party, byte[]> messages() {
    return run.toAll(
        run.plan().participants(), run.write(WireForm.DEALING_ECHO).fixed(echo.echo()).finish());
  }

  /// @param messages one of each participant but this party
  /// @throws ProtocolAbortException which leaves this round as it was where a message cannot be
  /// read, is missing or is of another session, and ends it else; with REUSE once it has ended
  public synchronized RevealRound<P> next(Map<Party, byte[]> messages)
      throws ProtocolAbortException {
    Map<Party, byte[]> echoes = new TreeMap<>();
    for (var message : run.fromAll(run.plan().participants(), messages).entrySet()) {
      WireReader in = run.read(WireForm.DEALING_ECHO, message.getKey(), message.getValue());
      echoes.put(message.getKey(), in.fixed(EchoBroadcast.BYTES));
      in.end();
    }
    once.use("this round");
    try {
      echo.check(echoes);
      handedOver = true;
      return new RevealRound<>(run, own, commitments);
    } finally {
      close();
    }
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
