package dev.countersign.mpc.dkls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.transcript.SessionId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A closed setup is one of zeros, which everybody knows: whoever could still run something on it
/// would be told the key share.
class ClosedSetupTest {
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);

  private final Committee committee = Committee.of(2, 2);
  private final SessionId session = Committee.session();

  private SigningRun run() throws Exception {
    return new SigningRun(
        committee,
        session,
        ScalarField.SECP256K1.zero(),
        Party.first(2),
        SigningRun.HONEST,
        Committee.RANDOM);
  }

  @Test
  void aSessionThatRunsDoesNotGoOnOnceItsSetupIsClosed() throws Exception {
    SigningRun run = run();
    Map<Party, byte[]> messages = Committee.get(run.firstMessages(), ONE);
    Committee.get(run.plans, ONE).setup(TWO).close();
    Aborts.withoutBan(
        Reason.REUSE, Optional.empty(), () -> Committee.get(run.first, ONE).receive(messages));
  }

  @Test
  void aRequestThatIsMadeFromZerosIsNotAnswered() throws Exception {
    SigningRun run = run();
    PairSetup own = Committee.get(run.plans, ONE).setup(TWO);
    byte[] zeros = Committee.get(run.plans, TWO).setup(ONE).encode();
    Arrays.fill(zeros, 36, zeros.length, (byte) 0);
    SigningPlan cheat =
        new SigningPlan(
            session,
            Committee.get(committee.shares, TWO),
            ScalarField.SECP256K1.zero(),
            Party.first(2),
            List.of(PairSetup.decode(zeros)),
            BanLedger.EMPTY);
    Map<Party, byte[]> messages = SigningFirstRound.begin(cheat, Committee.RANDOM).messages();
    own.close();
    Aborts.withoutBan(
        Reason.REUSE,
        Optional.empty(),
        () -> Committee.get(run.first, ONE).receive(Map.of(TWO, Committee.get(messages, ONE))));
  }

  @Test
  void nothingIsBegunOrStoredWithAClosedSetup() throws Exception {
    SigningPlan plan = committee.plan(session, ONE, ScalarField.SECP256K1.one(), Party.first(2));
    plan.setup(TWO).close();
    assertThat(plan.setup(TWO).isClosed()).isTrue();
    Optional<Party> nobody = Optional.empty();
    Aborts.withoutBan(Reason.REUSE, nobody, () -> SigningFirstRound.begin(plan, Committee.RANDOM));
    Aborts.withoutBan(Reason.REUSE, nobody, plan::additiveShare);
    Aborts.withoutBan(Reason.REUSE, nobody, plan.setup(TWO)::zeroSeed);
    Aborts.withoutBan(Reason.REUSE, nobody, plan.setup(TWO)::encode);
  }
}
