package dev.countersign.mpc.keygen;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.PreparedKey;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// Runs of the dealing protocol with all parties in one place, and somebody on the line between
/// them who may change what is said.
final class Ceremony {
  static final SecureRandom RANDOM = new SecureRandom();
  static final byte[] KEY_ID = {1, 2, 3, 4};

  /// Those that every test knows by the same number.
  static final SortedMap<Party, Identity> IDENTITIES = new TreeMap<>();

  static {
    Party.first(Party.MOST).forEach(party -> IDENTITIES.put(party, Identity.generate(RANDOM)));
  }

  private Ceremony() {}

  /// What a party has at the end: a prepared key, or why it stopped.
  record Result<P extends Point<P>>(
      Optional<PreparedKey<P>> prepared, Optional<ProtocolAbortException> abort) {

    EpochShare<P> share() {
      return prepared
          .flatMap(PreparedKey::share)
          .orElseThrow(() -> new AssertionError("no share", abort.orElse(null)));
    }

    ProtocolAbortException aborted() {
      return abort.orElseThrow(() -> new AssertionError("has not aborted"));
    }
  }

  /// Who changes messages; rounds are numbered from 1.
  interface Line {
    byte[] carry(int round, Party from, Party to, byte[] message) throws ProtocolAbortException;
  }

  static final Line HONEST = (round, from, to, message) -> message;

  static byte[] nonce() {
    byte[] nonce = new byte[32];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  static Identity identity(Party party) {
    return Optional.ofNullable(IDENTITIES.get(party)).orElseThrow();
  }

  static Map<Party, PeerIdentity> known(Collection<Party> parties) {
    Map<Party, PeerIdentity> known = new TreeMap<>();
    parties.forEach(party -> known.put(party, identity(party).known()));
    return known;
  }

  static <P extends Point<P>> DealingPlan<P> generation(Group<P> group, int threshold, int count)
      throws ProtocolAbortException {
    return DealingPlan.generation(
        group, KEY_ID, known(Party.first(count)), threshold, nonce(), BanLedger.EMPTY);
  }

  static <P extends Point<P>> DealingPlan<P> reshare(
      EpochKey<P> key, Set<Party> dealers, Set<Party> receivers, int threshold)
      throws ProtocolAbortException {
    Set<Party> all = new TreeSet<>(dealers);
    all.addAll(receivers);
    return DealingPlan.reshare(
        key, dealers, receivers, threshold, known(all), nonce(), BanLedger.EMPTY);
  }

  static <P extends Point<P>> SortedMap<Party, EpochShare<P>> generate(
      Group<P> group, int threshold, int count) throws ProtocolAbortException {
    return shares(run(generation(group, threshold, count), Map.of(), HONEST));
  }

  static <P extends Point<P>> SortedMap<Party, EpochShare<P>> shares(
      Map<Party, Result<P>> results) {
    SortedMap<Party, EpochShare<P>> shares = new TreeMap<>();
    results.forEach((party, result) -> shares.put(party, result.share()));
    return shares;
  }

  static <P extends Point<P>> SortedMap<Party, CommitRound<P>> begin(
      DealingPlan<P> plan, Map<Party, EpochShare<P>> held) throws ProtocolAbortException {
    SortedMap<Party, CommitRound<P>> rounds = new TreeMap<>();
    for (Party party : plan.participants()) {
      Optional<EpochShare<P>> own =
          plan.dealers().contains(party) ? Optional.ofNullable(held.get(party)) : Optional.empty();
      rounds.put(party, CommitRound.begin(plan, party, identity(party), own, RANDOM));
    }
    return rounds;
  }

  static <P extends Point<P>> SortedMap<Party, Result<P>> run(
      DealingPlan<P> plan, Map<Party, EpochShare<P>> held, Line line)
      throws ProtocolAbortException {
    return run(begin(plan, held), line);
  }

  static <P extends Point<P>> SortedMap<Party, Result<P>> run(
      SortedMap<Party, CommitRound<P>> commits, Line line) throws ProtocolAbortException {
    SortedMap<Party, Result<P>> results = new TreeMap<>();
    var echoes = step(1, commits, CommitRound::messages, CommitRound::next, line, results);
    var reveals = step(2, echoes, EchoRound::messages, EchoRound::next, line, results);
    var certifies = step(3, reveals, RevealRound::messages, RevealRound::next, line, results);
    var prepared = step(4, certifies, CertifyRound::messages, CertifyRound::next, line, results);
    prepared.forEach(
        (party, key) -> results.put(party, new Result<>(Optional.of(key), Optional.empty())));
    return results;
  }

  private interface Step<R, N> {
    N next(R round, Map<Party, byte[]> messages) throws ProtocolAbortException;
  }

  private static <P extends Point<P>, R, N> SortedMap<Party, N> step(
      int number,
      SortedMap<Party, R> rounds,
      Function<R, SortedMap<Party, byte[]>> messages,
      Step<R, N> step,
      Line line,
      SortedMap<Party, Result<P>> results)
      throws ProtocolAbortException {
    SortedMap<Party, SortedMap<Party, byte[]>> inboxes = new TreeMap<>();
    rounds.keySet().forEach(party -> inboxes.put(party, new TreeMap<>()));
    for (var sender : rounds.entrySet()) {
      for (var message : messages.apply(sender.getValue()).entrySet()) {
        var inbox = inboxes.get(message.getKey());
        if (inbox != null) {
          inbox.put(
              sender.getKey(),
              line.carry(number, sender.getKey(), message.getKey(), message.getValue()));
        }
      }
    }
    SortedMap<Party, N> next = new TreeMap<>();
    for (var receiver : rounds.entrySet()) {
      Party party = receiver.getKey();
      try {
        next.put(
            party,
            step.next(receiver.getValue(), Optional.ofNullable(inboxes.get(party)).orElseThrow()));
      } catch (ProtocolAbortException e) {
        results.put(party, new Result<>(Optional.empty(), Optional.of(e)));
      }
    }
    return next;
  }
}
