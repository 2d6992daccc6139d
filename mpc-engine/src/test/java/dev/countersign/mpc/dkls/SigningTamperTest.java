package dev.countersign.mpc.dkls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.transcript.SessionId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What one signer may do to the others, and what becomes of it. Party 2 is the one who cheats.
class SigningTamperTest {
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);
  private static final byte[] DIGEST = new byte[32];
  private static final byte[] GENERATOR = Secp256k1Group.INSTANCE.generator().encode();

  /// Where fields begin in the messages.
  private static final int FIRST_COMMITMENT = 36;

  private static final int SECOND_NONCE = 36;
  private static final int SECOND_SALT = 69;

  private final Committee committee = Committee.of(2, 3);

  private static SigningRun.Wire flipping(int round, int at) {
    return (now, from, to, message) -> {
      if (now == round && from.equals(TWO)) {
        message[at] ^= 1;
      }
      return message;
    };
  }

  private static SigningRun.Wire replacing(int round, int at, byte[] with) {
    return (now, from, to, message) -> {
      if (now == round && from.equals(TWO)) {
        System.arraycopy(with, 0, message, at, with.length);
      }
      return message;
    };
  }

  private void bansInTheFirstRound(SigningRun.Wire wire) throws ProtocolAbortException {
    Aborts.banning(Reason.BAD_PROOF, TWO, SigningRun.of(committee, wire)::toSecond);
  }

  private void bans(SigningRun.Wire wire) throws ProtocolAbortException {
    Aborts.banning(Reason.BAD_PROOF, TWO, SigningRun.of(committee, wire)::toPresignatures);
  }

  @ParameterizedTest
  @CsvSource({"nonce, 68", "u, 100", "u, 5219", "x, 5220", "t, 5236", "t, 7283"})
  void anAlteredOtExtensionBans(String field, int at) throws Exception {
    bansInTheFirstRound(flipping(1, at));
  }

  @ParameterizedTest
  @CsvSource({
    "nonce, 232",
    "row of the first input, 295",
    "row of the second input, 20000",
    "row of the check, 40031",
    "eta, 49447",
    "mu, 49448",
    "mu, 49479"
  })
  void anAlteredMultiplicationBans(String field, int at) throws Exception {
    bans(flipping(2, at));
  }

  @Test
  void anAlteredCommitmentOrOpeningBans() throws Exception {
    for (SigningRun.Wire wire :
        List.of(
            flipping(1, FIRST_COMMITMENT),
            flipping(2, SECOND_SALT),
            replacing(2, SECOND_NONCE, GENERATOR))) {
      bans(wire);
    }
  }

  /// A commitment of party 1's own, sent back to it, does not open: it is bound to whose it is.
  @Test
  void aCopiedCommitmentDoesNotOpen() throws Exception {
    Map<Party, byte[]> own = new TreeMap<>();
    SigningRun run =
        SigningRun.of(
            committee,
            (round, from, to, message) -> {
              int length = round == 1 ? 32 : 65;
              if (from.equals(ONE)) {
                own.put(ONE, Arrays.copyOfRange(message, 36, 36 + length));
              } else if (round <= 2) {
                System.arraycopy(Committee.get(own, ONE), 0, message, 36, length);
              }
              return message;
            });
    Aborts.banning(
        Reason.BAD_PROOF,
        TWO,
        () -> {
          Map<Party, Map<Party, byte[]>> messages = run.firstMessages();
          for (Party party : run.signers) {
            run.second.put(
                party, Committee.get(run.first, party).receive(Committee.get(messages, party)));
          }
          Committee.get(run.second, ONE).receive(Committee.get(run.secondMessages(), ONE));
        });
  }

  /// The commitment opens, to a nonce that was not multiplied.
  @Test
  void aNonceThatWasNotMultipliedBans() throws Exception {
    byte[] salt = new byte[32];
    Map<Party, SigningPlan> plans = new TreeMap<>();
    SigningRun run =
        SigningRun.of(
            committee,
            (round, from, to, message) -> {
              if (from.equals(TWO) && round == 1) {
                byte[] commitment =
                    NonceShare.commitment(
                        Committee.get(plans, TWO).session(),
                        TWO,
                        Secp256k1Group.INSTANCE.generator(),
                        salt);
                System.arraycopy(commitment, 0, message, FIRST_COMMITMENT, 32);
              } else if (from.equals(TWO) && round == 2) {
                System.arraycopy(GENERATOR, 0, message, SECOND_NONCE, 33);
                System.arraycopy(salt, 0, message, SECOND_SALT, 32);
              }
              return message;
            });
    plans.putAll(run.plans);
    Aborts.banning(Reason.BAD_PROOF, TWO, run::toPresignatures);
  }

  @ParameterizedTest
  @CsvSource({"pk, 101", "gamma u, 134", "gamma v, 167"})
  void anotherKeyOrGammaBans(String field, int at) throws Exception {
    bans(replacing(2, at, GENERATOR));
  }

  /// ψ is in no check: what comes out of another one is not valid, and nobody gets it.
  @Test
  void anAlteredPsiMakesNoSignature() {
    Aborts.withoutBan(
        Reason.BAD_RESULT,
        Optional.empty(),
        () -> SigningRun.of(committee, flipping(2, 231)).finish(DIGEST));
  }

  @ParameterizedTest
  @CsvSource({"u, 99", "w, 131"})
  void anAlteredShareMakesNoSignature(String field, int at) throws Exception {
    SigningRun run = SigningRun.of(committee, flipping(3, at));
    Aborts.withoutBan(Reason.BAD_RESULT, Optional.empty(), () -> run.finish(DIGEST));
    Aborts.withoutBan(
        Reason.REUSE,
        Optional.empty(),
        () -> Committee.get(run.presignatures, ONE).sign(DIGEST, SigningRun.NOTED));
  }

  @Test
  void splitViewsOfTheMessageAbort() throws Exception {
    SigningRun run = SigningRun.of(committee, SigningRun.HONEST).toPresignatures();
    byte[] other = new byte[32];
    other[0] = 1;
    SigningThirdRound one = Committee.get(run.presignatures, ONE).sign(DIGEST, SigningRun.NOTED);
    SigningThirdRound two = Committee.get(run.presignatures, TWO).sign(other, SigningRun.NOTED);
    Aborts.withoutBan(
        Reason.MISMATCH, Optional.empty(), () -> one.finish(Map.of(TWO, two.message())));
  }

  /// Key, epoch, tweak and signers are in the name of the session.
  @Test
  void splitViewsOfKeyEpochTweakOrSignersAbortWithoutABan() throws Exception {
    SessionId session = Committee.session();
    var zero = ScalarField.SECP256K1.zero();
    SigningFirstRound one =
        SigningFirstRound.begin(
            committee.plan(session, ONE, zero, Party.first(2)), Committee.RANDOM);
    for (SigningPlan plan :
        List.of(
            committee.plan(session, TWO, ScalarField.SECP256K1.one(), Party.first(2)),
            Committee.of(2, 3).plan(session, TWO, zero, Party.first(2)),
            committee.refreshed().plan(session, TWO, zero, Party.first(2)),
            committee.plan(session, TWO, zero, List.of(TWO, new Party(3))),
            committee.plan(Committee.session(), TWO, zero, Party.first(2)))) {
      Map<Party, byte[]> messages = SigningFirstRound.begin(plan, Committee.RANDOM).messages();
      byte[] message = messages.values().iterator().next();
      Aborts.withoutBan(Reason.MISMATCH, Optional.empty(), () -> one.receive(Map.of(TWO, message)));
    }
  }

  @Test
  void anotherSetupAbortsWithoutABan() throws Exception {
    SessionId session = Committee.session();
    var zero = ScalarField.SECP256K1.zero();
    SigningFirstRound one =
        SigningFirstRound.begin(
            committee.plan(session, ONE, zero, Party.first(2)), Committee.RANDOM);
    PairSetup other = Committee.setUp(Committee.session(), ONE, TWO, Committee.RANDOM).getLast();
    SigningPlan plan =
        new SigningPlan(
            session,
            Committee.get(committee.shares, TWO),
            zero,
            Party.first(2),
            List.of(other),
            BanLedger.EMPTY);
    byte[] message = Committee.get(SigningFirstRound.begin(plan, Committee.RANDOM).messages(), ONE);
    Aborts.withoutBan(Reason.MISMATCH, Optional.empty(), () -> one.receive(Map.of(TWO, message)));
  }

  /// Messages of other sessions, senders, receivers and directions are refused in each round,
  /// nobody is banned, and the run goes on with the right ones.
  @Test
  void replayedMessagesAreRefusedAndTheRunGoesOn() throws Exception {
    Committee three = Committee.of(3, 3);
    SigningRun old = SigningRun.of(three, SigningRun.HONEST).toThird(DIGEST);
    SigningRun run = SigningRun.of(three, SigningRun.HONEST);
    refusesReplays(
        run.firstMessages(), old.firstMessages(), Committee.get(run.first, ONE)::receive);
    run.toSecond();
    refusesReplays(
        run.secondMessages(), old.secondMessages(), Committee.get(run.second, ONE)::receive);
    run = SigningRun.of(three, SigningRun.HONEST).toThird(DIGEST);
    refusesReplays(run.thirdMessages(), old.thirdMessages(), Committee.get(run.third, ONE)::finish);
    assertThat(Committee.get(run.third, ONE).finish(Committee.get(run.thirdMessages(), ONE)).s())
        .isNotNull();
  }

  private interface Receiving {
    Object receive(Map<Party, byte[]> messages) throws Exception;
  }

  private static void refusesReplays(
      Map<Party, Map<Party, byte[]>> now, Map<Party, Map<Party, byte[]>> before, Receiving round) {
    Map<Party, byte[]> right = Committee.get(now, ONE);
    Party three = new Party(3);
    byte[] fromThree = Committee.get(right, three);
    for (byte[] replayed :
        List.of(
            Committee.get(Committee.get(before, ONE), TWO),
            fromThree,
            Committee.get(Committee.get(now, TWO), ONE))) {
      Aborts.withoutBan(
          Reason.MISMATCH,
          Optional.empty(),
          () -> round.receive(Map.of(TWO, replayed, three, fromThree)));
    }
    Aborts.withoutBan(
        Reason.MISMATCH, Optional.empty(), () -> round.receive(Map.of(three, fromThree)));
  }
}
