package dev.countersign.bench;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.dkls.EcdsaSignature;
import dev.countersign.mpc.dkls.PairSetup;
import dev.countersign.mpc.dkls.PairSetupFirstRound;
import dev.countersign.mpc.dkls.Presignature;
import dev.countersign.mpc.dkls.SigningFirstRound;
import dev.countersign.mpc.dkls.SigningPlan;
import dev.countersign.mpc.frost.Ciphersuite;
import dev.countersign.mpc.frost.SigningNonces;
import dev.countersign.mpc.frost.SigningPackage;
import dev.countersign.mpc.group.Group;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.KeyShare;
import dev.countersign.mpc.keygen.CommitRound;
import dev.countersign.mpc.keygen.DealingPlan;
import dev.countersign.mpc.transcript.SessionId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// All parties of threshold keys in one thread, and nothing between them: what the protocols cost
/// by themselves.
final class LocalParties {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] KEY_ID = {1};

  private final int threshold;
  private final List<Party> all;
  private final Map<Party, Identity> identities = new HashMap<>();
  private final Map<Party, PeerIdentity> known = new TreeMap<>();
  private final Map<List<Party>, PairSetup> setups = new HashMap<>();
  private long bytes;

  LocalParties(int threshold, int count) {
    this.threshold = threshold;
    this.all = Party.first(count);
    for (Party party : all) {
      Identity identity = Identity.generate(RANDOM);
      identities.put(party, identity);
      known.put(party, identity.known());
    }
  }

  int threshold() {
    return threshold;
  }

  /// What all parties have sent so far.
  long bytes() {
    return bytes;
  }

  private interface Step<R, N> {
    N next(R round, Map<Party, byte[]> messages) throws ProtocolAbortException;
  }

  private interface Sending<R> {
    Map<Party, byte[]> from(R round) throws ProtocolAbortException;
  }

  private <R, N> Map<Party, N> step(Map<Party, R> rounds, Sending<R> sending, Step<R, N> step)
      throws ProtocolAbortException {
    Map<Party, Map<Party, byte[]>> inboxes = new TreeMap<>();
    rounds.keySet().forEach(party -> inboxes.put(party, new TreeMap<>()));
    for (Map.Entry<Party, R> one : rounds.entrySet()) {
      sending
          .from(one.getValue())
          .forEach(
              (to, message) -> {
                bytes += message.length;
                of(inboxes, to).put(one.getKey(), message);
              });
    }
    Map<Party, N> next = new TreeMap<>();
    for (Map.Entry<Party, R> one : rounds.entrySet()) {
      next.put(one.getKey(), step.next(one.getValue(), of(inboxes, one.getKey())));
    }
    return next;
  }

  private static <V> V of(Map<Party, V> map, Party party) {
    return Objects.requireNonNull(map.get(party));
  }

  /// Distributed key generation, up to what each party stores.
  <P extends Point<P>> Map<Party, EpochShare<P>> generate(Group<P> group)
      throws ProtocolAbortException {
    DealingPlan<P> plan =
        DealingPlan.generation(group, KEY_ID, known, threshold, nonce(), BanLedger.EMPTY);
    Map<Party, CommitRound<P>> commits = new TreeMap<>();
    for (Party party : all) {
      commits.put(
          party, CommitRound.begin(plan, party, of(identities, party), Optional.empty(), RANDOM));
    }
    var echoes = step(commits, round -> round.messages(), (round, inbox) -> round.next(inbox));
    var reveals = step(echoes, round -> round.messages(), (round, inbox) -> round.next(inbox));
    var certifies = step(reveals, round -> round.messages(), (round, inbox) -> round.next(inbox));
    var prepared = step(certifies, round -> round.messages(), (round, inbox) -> round.next(inbox));
    Map<Party, EpochShare<P>> shares = new TreeMap<>();
    prepared.forEach((party, key) -> shares.put(party, key.share().orElseThrow()));
    return shares;
  }

  /// What each pair needs before it signs by ECDSA.
  void setUp() throws ProtocolAbortException {
    SessionId session = session();
    for (Party a : all) {
      for (Party b : all) {
        if (a.compareTo(b) < 0) {
          var firstA = PairSetupFirstRound.begin(session, a, b, RANDOM);
          var firstB = PairSetupFirstRound.begin(session, b, a, RANDOM);
          var secondA = firstA.receive(firstB.message());
          var secondB = firstB.receive(firstA.message());
          setups.put(List.of(a, b), secondA.finish(secondB.message()));
          setups.put(List.of(b, a), secondB.finish(secondA.message()));
        }
      }
    }
  }

  /// The first two rounds, which need no message.
  Map<Party, Presignature> presign(Map<Party, KeyShare<Secp256k1Point>> shares)
      throws ProtocolAbortException {
    SessionId session = session();
    List<Party> signers = all.subList(0, threshold);
    Map<Party, SigningFirstRound> first = new TreeMap<>();
    for (Party party : signers) {
      List<PairSetup> own = new ArrayList<>();
      for (Party peer : signers) {
        if (!peer.equals(party)) {
          own.add(Objects.requireNonNull(setups.get(List.of(party, peer))));
        }
      }
      first.put(
          party,
          SigningFirstRound.begin(
              new SigningPlan(
                  session,
                  of(shares, party),
                  ScalarField.SECP256K1.zero(),
                  signers,
                  own,
                  BanLedger.EMPTY),
              RANDOM));
    }
    var second = step(first, round -> round.messages(), (round, inbox) -> round.receive(inbox));
    return step(second, round -> round.messages(), (round, inbox) -> round.receive(inbox));
  }

  /// The round that needs the message.
  EcdsaSignature sign(Map<Party, Presignature> presignatures, byte[] digest)
      throws ProtocolAbortException {
    var third = step(presignatures, _ -> Map.of(), (one, _) -> one.sign(digest, (_, _) -> {}));
    var signatures =
        step(
            third,
            round -> {
              Map<Party, byte[]> messages = new HashMap<>();
              third.forEach(
                  (to, other) -> {
                    if (other != round) {
                      messages.put(to, round.message());
                    }
                  });
              return messages;
            },
            (round, inbox) -> round.finish(inbox));
    return signatures.values().iterator().next();
  }

  /// Both rounds of FROST, its signature verified.
  <P extends Point<P>> byte[] frost(
      Ciphersuite<P> suite, Map<Party, KeyShare<P>> shares, byte[] message)
      throws ProtocolAbortException {
    Map<Party, SigningNonces<P>> nonces = new LinkedHashMap<>();
    for (Party party : all.subList(0, threshold)) {
      nonces.put(party, SigningNonces.draw(suite, of(shares, party), RANDOM));
    }
    var commitments = nonces.values().stream().map(SigningNonces::commitment).toList();
    // Each signer reads the list and works out everything by itself.
    Map<Party, Scalar> parts = new HashMap<>();
    for (Map.Entry<Party, SigningNonces<P>> one : nonces.entrySet()) {
      KeyShare<P> share = of(shares, one.getKey());
      parts.put(
          one.getKey(),
          SigningPackage.of(suite, share.key(), commitments, message).sign(share, one.getValue()));
    }
    KeyShare<P> any = shares.values().iterator().next();
    return SigningPackage.of(suite, any.key(), commitments, message).aggregate(parts);
  }

  static <P extends Point<P>> Map<Party, KeyShare<P>> shares(Map<Party, EpochShare<P>> stored) {
    Map<Party, KeyShare<P>> shares = new TreeMap<>();
    stored.forEach((party, share) -> shares.put(party, share.share()));
    return shares;
  }

  private SessionId session() {
    return SessionId.of("bench", 1, KEY_ID, 0, all, threshold, nonce(), new byte[32]);
  }

  private static byte[] nonce() {
    byte[] nonce = new byte[32];
    RANDOM.nextBytes(nonce);
    return nonce;
  }
}
