package dev.countersign.mpc.dkls;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.GroupKey;
import dev.countersign.mpc.key.KeyShare;
import dev.countersign.mpc.share.Polynomial;
import dev.countersign.mpc.transcript.SessionId;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Parties with dealt shares of a key that the test knows whole, and setups that they have run.
final class Committee {
  static final SecureRandom RANDOM = new SecureRandom();

  /// Setups do not depend on the key: they are made once for all tests, and again after a ban.
  private static final Map<Party, Map<Party, PairSetup>> SETUPS = new HashMap<>();

  /// As they were stored: after a ban, which ends them, they are read from here. No party of the
  /// product may do so; making them anew in each test takes long.
  private static final Map<Party, Map<Party, byte[]>> STORED = new HashMap<>();

  final Scalar secret;
  final Map<Party, KeyShare<Secp256k1Point>> shares = new HashMap<>();
  final int threshold;

  private Committee(int threshold, int count, SecureRandom random) {
    this(threshold, count, ScalarField.SECP256K1.random(random), random);
  }

  private Committee(int threshold, int count, Scalar secret, SecureRandom random) {
    this.threshold = threshold;
    this.secret = secret;
    try (Polynomial polynomial = Polynomial.of(secret, threshold, random)) {
      Map<Party, Secp256k1Point> publics = new HashMap<>();
      Party.first(count)
          .forEach(
              party -> publics.put(party, Secp256k1Group.INSTANCE.generate(polynomial.at(party))));
      GroupKey<Secp256k1Point> key =
          new GroupKey<>(threshold, Secp256k1Group.INSTANCE.generate(secret), publics);
      Party.first(count)
          .forEach(party -> shares.put(party, new KeyShare<>(party, polynomial.at(party), key)));
    }
  }

  static Committee of(int threshold, int count) {
    return new Committee(threshold, count, RANDOM);
  }

  static Committee of(int threshold, int count, SecureRandom random) {
    return new Committee(threshold, count, random);
  }

  /// The same key in the next epoch.
  Committee refreshed() {
    return new Committee(threshold, shares.size(), secret, RANDOM);
  }

  static SessionId session() {
    byte[] nonce = new byte[32];
    RANDOM.nextBytes(nonce);
    return session(nonce);
  }

  static SessionId session(byte[] nonce) {
    return SessionId.of("dkls test", 1, new byte[] {7}, 0, Party.first(9), 2, nonce, new byte[32]);
  }

  static synchronized PairSetup setup(Party own, Party peer) {
    try {
      if (!isOpen(own, peer) || !isOpen(peer, own)) {
        store(own, peer);
        put(SETUPS, own, peer, PairSetup.decode(get(get(STORED, own), peer)));
        put(SETUPS, peer, own, PairSetup.decode(get(get(STORED, peer), own)));
      }
    } catch (ProtocolAbortException e) {
      throw new AssertionError(e);
    }
    return get(get(SETUPS, own), peer);
  }

  private static void store(Party own, Party peer) throws ProtocolAbortException {
    if (!STORED.getOrDefault(own, Map.of()).containsKey(peer)) {
      List<PairSetup> both = setUp(session(), own, peer, RANDOM);
      put(STORED, own, peer, both.getFirst().encode());
      put(STORED, peer, own, both.getLast().encode());
    }
  }

  private static <V> void put(Map<Party, Map<Party, V>> map, Party own, Party peer, V value) {
    map.computeIfAbsent(own, party -> new HashMap<>()).put(peer, value);
  }

  private static boolean isOpen(Party own, Party peer) {
    PairSetup setup = SETUPS.computeIfAbsent(own, party -> new HashMap<>()).get(peer);
    return setup != null && !setup.isClosed();
  }

  static <V> V get(Map<Party, V> map, Party party) {
    return Optional.ofNullable(map.get(party)).orElseThrow();
  }

  static List<PairSetup> setUp(SessionId session, Party a, Party b, SecureRandom random) {
    try {
      PairSetupFirstRound firstA = PairSetupFirstRound.begin(session, a, b, random);
      PairSetupFirstRound firstB = PairSetupFirstRound.begin(session, b, a, random);
      PairSetupSecondRound secondA = firstA.receive(firstB.message());
      PairSetupSecondRound secondB = firstB.receive(firstA.message());
      byte[] toA = secondB.message();
      byte[] toB = secondA.message();
      return List.of(secondA.finish(toA), secondB.finish(toB));
    } catch (ProtocolAbortException e) {
      throw new AssertionError(e);
    }
  }

  SigningPlan plan(SessionId session, Party own, Scalar tweak, List<Party> signers)
      throws ProtocolAbortException {
    List<PairSetup> setups =
        signers.stream().filter(peer -> !peer.equals(own)).map(peer -> setup(own, peer)).toList();
    return new SigningPlan(session, get(shares, own), tweak, signers, setups, BanLedger.EMPTY);
  }

  Secp256k1Point key() {
    return shares.values().iterator().next().key().point();
  }
}
