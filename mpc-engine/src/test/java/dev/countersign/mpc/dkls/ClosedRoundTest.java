package dev.countersign.mpc.dkls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.transcript.SessionId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What closing a round does: before it has gone on nothing comes of it, afterwards nothing is
/// lost.
class ClosedRoundTest {
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);
  private static final Optional<Party> NOBODY = Optional.empty();

  private final SessionId session = Committee.session();

  private PairSetupFirstRound begin(Party own, Party peer) {
    return PairSetupFirstRound.begin(session, own, peer, Committee.RANDOM);
  }

  @Test
  void setupAndSigningWorkWithEveryRoundClosedBehindThem() throws Exception {
    PairSetupSecondRound oneSecond;
    PairSetupSecondRound twoSecond;
    try (PairSetupFirstRound one = begin(ONE, TWO);
        PairSetupFirstRound two = begin(TWO, ONE)) {
      oneSecond = one.receive(two.message());
      twoSecond = two.receive(one.message());
    }
    PairSetup setup;
    PairSetup peers;
    try (oneSecond;
        twoSecond) {
      setup = oneSecond.finish(twoSecond.message());
      peers = twoSecond.finish(oneSecond.message());
    }
    assertThat(setup.isClosed()).isFalse();
    assertThat(setup.encode()).isNotEqualTo(peers.encode());
    SigningRun run = SigningRun.of(Committee.of(2, 2), SigningRun.HONEST).toSecond();
    run.first.values().forEach(SigningFirstRound::close);
    Map<Party, Map<Party, byte[]>> messages = run.secondMessages();
    for (Party party : run.signers) {
      try (SigningSecondRound second = Committee.get(run.second, party)) {
        run.third.put(
            party,
            second.receive(Committee.get(messages, party)).sign(new byte[32], SigningRun.NOTED));
      }
    }
    assertThat(Committee.get(run.third, ONE).finish(Committee.get(run.thirdMessages(), ONE)).s())
        .isNotNull();
  }

  @Test
  void aRoundOfSigningThatIsClosedBansNobody() throws Exception {
    SigningRun first = SigningRun.of(Committee.of(2, 2), SigningRun.HONEST);
    Map<Party, byte[]> late = Committee.get(first.firstMessages(), ONE);
    Committee.get(first.first, ONE).close();
    Aborts.withoutBan(Reason.REUSE, NOBODY, () -> Committee.get(first.first, ONE).receive(late));
    SigningRun second = SigningRun.of(Committee.of(2, 2), SigningRun.HONEST).toSecond();
    Map<Party, byte[]> later = Committee.get(second.secondMessages(), ONE);
    Committee.get(second.second, ONE).close();
    Aborts.withoutBan(Reason.REUSE, NOBODY, () -> Committee.get(second.second, ONE).receive(later));
  }

  @Test
  void aRoundOfSetupThatIsClosedBansNobody() throws Exception {
    PairSetupFirstRound one = begin(ONE, TWO);
    PairSetupFirstRound two = begin(TWO, ONE);
    PairSetupSecondRound second = one.receive(two.message());
    byte[] late = two.receive(one.message()).message();
    second.close();
    Aborts.withoutBan(Reason.REUSE, NOBODY, () -> second.finish(late));
    PairSetupFirstRound again = begin(ONE, TWO);
    again.close();
    Aborts.withoutBan(Reason.REUSE, NOBODY, () -> again.receive(two.message()));
  }
}
