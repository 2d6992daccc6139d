package dev.countersign.cosigner.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.KeyId;
import dev.countersign.cosigner.judge.Judge;
import dev.countersign.cosigner.judge.Judgement;
import dev.countersign.cosigner.judge.SigningOrder;
import dev.countersign.cosigner.store.CosignerStore;
import dev.countersign.cosigner.testing.CosignerHome;
import dev.countersign.cosigner.testing.TestKeys;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import fr.acinq.secp256k1.Secp256k1;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/// Three cosigners, each with a database, a seal and a file of its own.
final class Committee implements AutoCloseable {
  static final List<Party> ALL = Party.first(3);

  /// Allows all, and signs the SHA-256 of the request.
  static final Judge ALLOWS_ALL = order -> new Judgement.Allowed(digest(order));

  final Map<Party, CosignerHome> homes = new TreeMap<>();
  final Map<Party, CosignerNode> nodes = new TreeMap<>();
  final Map<Party, AtomicReference<Judge>> judges = new TreeMap<>();
  final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Map<Party, Identity> identities = new TreeMap<>();
  private final SessionLimits limits;

  Committee(SoftHsmToken token, Path directory, SessionLimits limits) {
    this.limits = limits;
    for (Party party : ALL) {
      homes.put(party, new CosignerHome(party, token, directory));
      identities.put(party, Identity.generate(TestKeys.RANDOM));
      judges.put(party, new AtomicReference<>(ALLOWS_ALL));
    }
    ALL.forEach(this::restart);
  }

  static SessionLimits limits() {
    return new SessionLimits(256, 64, Duration.ofMinutes(1));
  }

  static <V> V of(Map<Party, V> map, Party party) {
    return Optional.ofNullable(map.get(party)).orElseThrow();
  }

  CosignerNode node(int party) {
    return of(nodes, new Party(party));
  }

  Identity identity(Party party) {
    return of(identities, party);
  }

  /// As after a crash: nothing of the old process is left but what is stored.
  void restart(Party party) {
    Optional.ofNullable(nodes.get(party)).ifPresent(CosignerNode::close);
    Map<Party, PeerIdentity> peers = new TreeMap<>();
    identities.forEach((peer, identity) -> peers.put(peer, identity.known()));
    CosignerStore store = of(homes, party).open();
    nodes.put(
        party,
        new CosignerNode(
            party,
            identity(party),
            peers,
            store,
            order -> of(judges, party).get().judge(order),
            limits,
            now::get,
            TestKeys.RANDOM));
  }

  Map<Party, SessionOutcome> run(KeyId key, List<Party> parties, Work work) {
    return new SessionRelay(nodes)
        .run(new SessionProposal(Bytes.of(TestKeys.random32()), key, parties, work));
  }

  static List<Party> parties(int... numbers) {
    return java.util.Arrays.stream(numbers).mapToObj(Party::new).toList();
  }

  /// What all of them say.
  static SessionOutcome same(Map<Party, SessionOutcome> outcomes) {
    assertThat(outcomes.values().stream().distinct()).as("%s", outcomes).hasSize(1);
    return outcomes.values().iterator().next();
  }

  SessionOutcome.KeyReady generate(KeyId key) {
    return (SessionOutcome.KeyReady) same(run(key, ALL, new Work.Generate(2)));
  }

  static SigningOrder order(KeyId key, String request, Integer... path) {
    return new SigningOrder(
        key, List.of(path), Bytes.of(request.getBytes(StandardCharsets.UTF_8)), Bytes.EMPTY);
  }

  SessionOutcome sign(SigningOrder order, List<Party> signers) {
    return same(run(order.key(), signers, new Work.Sign(order)));
  }

  static void assertValid(SessionOutcome outcome, SigningOrder order) {
    assertThat(outcome).isInstanceOf(SessionOutcome.Signed.class);
    SessionOutcome.Signed signed = (SessionOutcome.Signed) outcome;
    byte[] digest = digest(order).bytes().toArray();
    byte[] signature = signed.signature().toArray();
    assertThat(Secp256k1.get().verify(signature, digest, signed.publicKey().toArray())).isTrue();
    byte[] recovered = Secp256k1.get().ecdsaRecover(signature, digest, signed.recoveryId());
    assertThat(Secp256k1.get().pubKeyCompress(recovered)).isEqualTo(signed.publicKey().toArray());
  }

  static Digest32 digest(SigningOrder order) {
    try {
      return Digest32.of(MessageDigest.getInstance("SHA-256").digest(order.request().toArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    nodes.values().forEach(CosignerNode::close);
    homes.values().forEach(CosignerHome::close);
  }
}
