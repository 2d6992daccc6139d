package dev.countersign.cosigner.testing;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.dkls.PairSetup;
import dev.countersign.mpc.dkls.PairSetupFirstRound;
import dev.countersign.mpc.dkls.PairSetupSecondRound;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.identity.Statement;
import dev.countersign.mpc.identity.Statement.Kind;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.key.PreparedKey;
import dev.countersign.mpc.keygen.CertifyRound;
import dev.countersign.mpc.keygen.CommitRound;
import dev.countersign.mpc.keygen.DealingPlan;
import dev.countersign.mpc.keygen.EchoRound;
import dev.countersign.mpc.keygen.RevealRound;
import dev.countersign.mpc.transcript.SessionId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Keys of 2-of-2 made by two parties in one place, of whom a test stores what the first has.
public final class TestKeys {
  public static final Party SELF = new Party(1);
  public static final Party PEER = new Party(2);
  public static final SecureRandom RANDOM = new SecureRandom();

  private final Map<Party, Identity> identities =
      Map.of(SELF, Identity.generate(RANDOM), PEER, Identity.generate(RANDOM));

  /// What the first party prepares, and what the second says of it.
  public record Made(PreparedKey<Secp256k1Point> own, PreparedKey<Secp256k1Point> theirs) {}

  public Made generate(String keyId) {
    try {
      byte[] id = keyId.getBytes(StandardCharsets.UTF_8);
      return deal(
          DealingPlan.generation(
              Secp256k1Group.INSTANCE, id, known(), 2, random32(), BanLedger.EMPTY),
          Map.of());
    } catch (ProtocolAbortException e) {
      throw new AssertionError(e);
    }
  }

  public Made refresh(EpochShare<Secp256k1Point> own, EpochShare<Secp256k1Point> theirs) {
    try {
      return deal(
          DealingPlan.refresh(own.key(), known(), random32(), BanLedger.EMPTY),
          Map.of(SELF, own, PEER, theirs));
    } catch (ProtocolAbortException e) {
      throw new AssertionError(e);
    }
  }

  public Identity identity(Party party) {
    return Optional.ofNullable(identities.get(party)).orElseThrow();
  }

  public Map<Party, PeerIdentity> known() {
    Map<Party, PeerIdentity> known = new TreeMap<>();
    identities.forEach((party, identity) -> known.put(party, identity.known()));
    return known;
  }

  public List<Statement> theirs(Made made, Kind kind) {
    return List.of(made.theirs().outcome().state(kind, PEER, identity(PEER)));
  }

  public static byte[] random32() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  public static SessionId session() {
    return SessionId.of("test", 1, new byte[] {1}, 0, Party.first(2), 2, random32(), new byte[32]);
  }

  private Made deal(DealingPlan<Secp256k1Point> plan, Map<Party, EpochShare<Secp256k1Point>> held)
      throws ProtocolAbortException {
    CommitRound<Secp256k1Point> a = begin(plan, SELF, held);
    CommitRound<Secp256k1Point> b = begin(plan, PEER, held);
    EchoRound<Secp256k1Point> a2 = a.next(from(PEER, b.messages()));
    EchoRound<Secp256k1Point> b2 = b.next(from(SELF, a.messages()));
    RevealRound<Secp256k1Point> a3 = a2.next(from(PEER, b2.messages()));
    RevealRound<Secp256k1Point> b3 = b2.next(from(SELF, a2.messages()));
    SortedMap<Party, byte[]> toB = a3.messages();
    CertifyRound<Secp256k1Point> a4 = a3.next(from(PEER, b3.messages()));
    CertifyRound<Secp256k1Point> b4 = b3.next(from(SELF, toB));
    return new Made(a4.next(from(PEER, b4.messages())), b4.next(from(SELF, a4.messages())));
  }

  private CommitRound<Secp256k1Point> begin(
      DealingPlan<Secp256k1Point> plan, Party party, Map<Party, EpochShare<Secp256k1Point>> held)
      throws ProtocolAbortException {
    return CommitRound.begin(
        plan, party, identity(party), Optional.ofNullable(held.get(party)), RANDOM);
  }

  private static Map<Party, byte[]> from(Party sender, SortedMap<Party, byte[]> messages) {
    return Map.of(sender, messages.get(messages.firstKey()));
  }

  /// The first party's setup with the second.
  public static PairSetup setup() {
    try {
      SessionId session = session();
      PairSetupFirstRound a = PairSetupFirstRound.begin(session, SELF, PEER, RANDOM);
      PairSetupFirstRound b = PairSetupFirstRound.begin(session, PEER, SELF, RANDOM);
      PairSetupSecondRound a2 = a.receive(b.message());
      PairSetupSecondRound b2 = b.receive(a.message());
      return a2.finish(b2.message());
    } catch (ProtocolAbortException e) {
      throw new AssertionError(e);
    }
  }
}
