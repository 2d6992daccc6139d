package dev.countersign.mpc.dkls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.Ban;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.identity.Identity;
import dev.countersign.mpc.identity.PeerIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Party 2 cheats in one of many sessions that run on one setup: all others of them are over.
class BannedPeerTest {
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);
  private static final Optional<Party> NOBODY = Optional.empty();

  private final Committee committee = Committee.of(2, 2);

  private SigningRun honest() throws ProtocolAbortException {
    return SigningRun.of(committee, SigningRun.HONEST);
  }

  private SigningRun flipping(int round, int at) throws ProtocolAbortException {
    return SigningRun.of(
        committee,
        (now, from, to, message) -> {
          if (now == round && from.equals(TWO)) {
            message[at] ^= 1;
          }
          return message;
        });
  }

  private static void isRefused(SigningRun run) throws ProtocolAbortException {
    Map<Party, byte[]> messages = Committee.get(run.firstMessages(), ONE);
    Aborts.withoutBan(Reason.REUSE, NOBODY, () -> Committee.get(run.first, ONE).receive(messages));
  }

  /// In each of the places where a session may be when another one bans.
  private void areAllOver(SigningRun cheating, Party honest) throws Exception {
    SigningRun first = honest();
    SigningRun second = honest().toSecond();
    Map<Party, byte[]> secondMessages = Committee.get(second.secondMessages(), ONE);
    SigningRun presigned = honest().toPresignatures();
    Aborts.banning(Reason.BAD_PROOF, TWO, cheating::toPresignatures);
    assertThat(Committee.get(first.plans, honest).setup(TWO).isClosed()).isTrue();
    isRefused(first);
    SigningSecondRound round = Committee.get(second.second, ONE);
    Aborts.withoutBan(Reason.REUSE, NOBODY, round::messages);
    Aborts.withoutBan(Reason.REUSE, NOBODY, () -> round.receive(secondMessages));
    List<Object> noted = new ArrayList<>();
    Aborts.withoutBan(
        Reason.REUSE,
        NOBODY,
        () ->
            Committee.get(presigned.presignatures, ONE)
                .sign(new byte[32], (id, digest) -> noted.add(id)));
    assertThat(noted).isEmpty();
  }

  @Test
  void anExtensionThatCheatsEndsAllSessionsOfItsSetup() throws Exception {
    areAllOver(flipping(1, 100), ONE);
  }

  @Test
  void aMultiplicationThatCheatsEndsAllSessionsOfItsSetup() throws Exception {
    areAllOver(flipping(2, 295), ONE);
  }

  @Test
  void anOpeningThatCheatsEndsAllSessionsOfItsSetup() throws Exception {
    areAllOver(flipping(2, 69), ONE);
  }

  /// A setup that is closed while the ledger notes the presignature.
  @Test
  void aBanWhileThePresignatureIsNotedIsInTime() throws Exception {
    SigningRun run = honest().toPresignatures();
    Aborts.withoutBan(
        Reason.REUSE,
        NOBODY,
        () ->
            Committee.get(run.presignatures, ONE)
                .sign(
                    new byte[32],
                    (id, digest) -> Committee.get(run.plans, ONE).setup(TWO).close()));
  }

  /// Whichever comes first: one is told that the check has failed, and nobody else anything.
  @Test
  void ofManySessionsThatCheatAtOnceOneIsAnswered() throws Exception {
    List<SigningRun> runs = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      runs.add(flipping(1, 100 + 80 * i));
    }
    AtomicInteger banned = new AtomicInteger();
    var others = new ConcurrentLinkedQueue<Reason>();
    List<Callable<Boolean>> receiving = new ArrayList<>();
    for (SigningRun run : runs) {
      Map<Party, byte[]> messages = Committee.get(run.firstMessages(), ONE);
      receiving.add(
          () -> {
            try {
              Committee.get(run.first, ONE).receive(messages);
              return false;
            } catch (ProtocolAbortException e) {
              return e.bansCulprit() ? banned.incrementAndGet() > 0 : others.add(e.reason());
            }
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(receiving)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(banned).hasValue(1);
    assertThat(others).hasSize(15).containsOnly(Reason.REUSE);
  }

  @Test
  void whoIsBannedIsInNoPlan() throws Exception {
    SigningPlan plan =
        committee.plan(Committee.session(), ONE, ScalarField.SECP256K1.zero(), Party.first(2));
    PeerIdentity identity = Identity.generate(Committee.RANDOM).known();
    Ban ban = new Ban(TWO, identity, Ban.Cause.OBLIVIOUS_TRANSFER, plan.session());
    Aborts.withoutBan(
        Reason.BANNED,
        Optional.of(TWO),
        () ->
            new SigningPlan(
                Committee.session(),
                Committee.get(committee.shares, ONE),
                ScalarField.SECP256K1.zero(),
                Party.first(2),
                List.of(plan.setup(TWO)),
                BanLedger.EMPTY.with(ban)));
  }
}
