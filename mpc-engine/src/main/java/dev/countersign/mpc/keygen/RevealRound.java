package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.SingleUse;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.wire.WireForm;
import dev.countersign.mpc.wire.WireReader;
import dev.countersign.mpc.wire.WireWriter;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Round 3: each dealer opens its commitment to all, and tells each receiver its share. These
/// messages are secret: they go through a channel that nobody else reads.
///
/// @param <P> points of the group
public final class RevealRound<P extends Point<P>> implements AutoCloseable {
  /// Longer than any opening: nine points, a proof and what is around them.
  private static final int LONGEST_OPENING = 4096;

  private final DealingRun<P> run;
  private final Optional<OwnDealing<P>> own;
  private final SortedMap<Party, byte[]> commitments;
  private final SingleUse once = new SingleUse();

  RevealRound(
      DealingRun<P> run, Optional<OwnDealing<P>> own, SortedMap<Party, byte[]> commitments) {
    this.run = run;
    this.own = own;
    this.commitments = commitments;
  }

  /// What this party sends to each of the others. The caller wipes them when they are sent.
  ///
  /// @throws IllegalStateException once the round has gone on: what they are made of is wiped, and
  /// others would take what is left for a false share
  public synchronized SortedMap<Party, byte[]> messages() {
    if (once.isUsed()) {
      throw new IllegalStateException("this round has gone on before");
    }
    SortedMap<Party, byte[]> messages = new TreeMap<>();
    own.ifPresent(
        dealing ->
            run.toAll(run.plan().participants(), dealing.opening().encode())
                .forEach(
                    (party, opening) -> messages.put(party, message(dealing, party, opening))));
    return messages;
  }

  private byte[] message(OwnDealing<P> dealing, Party receiver, byte[] opening) {
    WireWriter out = run.write(WireForm.DEALING_REVEAL).sized(opening);
    if (run.plan().receivers().contains(receiver)) {
      Scalar share = dealing.polynomial().at(receiver);
      out.scalar(share);
      share.wipe();
    }
    return out.finish();
  }

  /// @param messages one of each dealer but this party
  /// @throws ProtocolAbortException which leaves this round as it was where a message cannot be
  /// read, is missing or is of another session, and ends it else; with REUSE once it has ended
  public synchronized CertifyRound<P> next(Map<Party, byte[]> messages)
      throws ProtocolAbortException {
    SortedMap<Party, byte[]> opened = new TreeMap<>();
    SortedMap<Party, Scalar> shares = new TreeMap<>();
    try {
      for (var message : run.fromAll(run.plan().dealers(), messages).entrySet()) {
        Party dealer = message.getKey();
        WireReader in = run.read(WireForm.DEALING_REVEAL, dealer, message.getValue());
        opened.put(dealer, in.sized(LONGEST_OPENING));
        if (run.isReceiver()) {
          shares.put(dealer, in.scalar(run.plan().group().scalars()));
        }
        in.end();
      }
      once.use("this round");
      return checked(opened, shares);
    } finally {
      shares.values().forEach(Scalar::wipe);
    }
  }

  private CertifyRound<P> checked(SortedMap<Party, byte[]> opened, SortedMap<Party, Scalar> shares)
      throws ProtocolAbortException {
    try {
      SortedMap<Party, Opening<P>> openings = new TreeMap<>();
      own.ifPresent(
          dealing -> {
            openings.put(run.self(), dealing.opening());
            if (run.isReceiver()) {
              shares.put(run.self(), dealing.polynomial().at(run.self()));
            }
          });
      for (var opening : opened.entrySet()) {
        openings.put(opening.getKey(), open(opening.getKey(), opening.getValue()));
      }
      for (var share : shares.entrySet()) {
        Opening<P> opening = Optional.ofNullable(openings.get(share.getKey())).orElseThrow();
        if (!opening.vector().holds(run.self(), share.getValue())) {
          throw new ProtocolAbortException(
              Reason.BAD_SHARE,
              Optional.of(share.getKey()),
              "the share that it deals is not the one that it committed to");
        }
      }
      return CertifyRound.of(run, commitments, openings, shares);
    } finally {
      close();
    }
  }

  private Opening<P> open(Party dealer, byte[] opening) throws ProtocolAbortException {
    byte[] commitment = Opening.commitment(run.plan().session(), dealer, opening);
    byte[] expected = Optional.ofNullable(commitments.get(dealer)).orElseThrow();
    if (!MessageDigest.isEqual(commitment, expected)) {
      throw new ProtocolAbortException(
          Reason.BAD_PROOF, Optional.of(dealer), "it opens another thing than it committed to");
    }
    return Opening.read(run.plan(), dealer, opening);
  }

  /// Wipes the secrets of the run.
  @Override
  public synchronized void close() {
    once.end();
    own.ifPresent(OwnDealing::close);
  }
}
