package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.broadcast.EchoBroadcast;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.keygen.Ceremony.Line;
import dev.countersign.mpc.keygen.Ceremony.Result;
import dev.countersign.mpc.transcript.SessionId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Party 3 of three cheats. The honest ones are 1 and 2.
class KeyGenerationAttackTest {
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;
  private static final Party ONE = new Party(1);
  private static final Party TWO = new Party(2);
  private static final Party CHEAT = new Party(3);
  private static final int POINT_BYTES = 33;

  /// Where the vector begins in an opening: after its form, its hiding number and its chain code.
  private static final int VECTOR_AT = 2 + 32 + 32 + 1;

  private DealingPlan<Secp256k1Point> plan;
  private SortedMap<Party, CommitRound<Secp256k1Point>> rounds;

  @BeforeEach
  void begin() throws ProtocolAbortException {
    plan = Ceremony.generation(GROUP, 2, 3);
    rounds = Ceremony.begin(plan, Map.of());
  }

  private SortedMap<Party, Result<Secp256k1Point>> run(Line line) throws ProtocolAbortException {
    return Ceremony.run(rounds, line);
  }

  private static ProtocolAbortException abort(
      Map<Party, Result<Secp256k1Point>> results, Party party) {
    return Optional.ofNullable(results.get(party)).orElseThrow().aborted();
  }

  private static void bothName(Reason reason, Map<Party, Result<Secp256k1Point>> results) {
    for (Party honest : new Party[] {ONE, TWO}) {
      assertThat(abort(results, honest).reason()).isEqualTo(reason);
      assertThat(abort(results, honest).culprit()).hasValue(CHEAT);
    }
  }

  private static void bothSeeASplitView(Map<Party, Result<Secp256k1Point>> results) {
    for (Party honest : new Party[] {ONE, TWO}) {
      assertThat(abort(results, honest).reason()).isEqualTo(Reason.MISMATCH);
      assertThat(abort(results, honest)).hasMessageContaining("has seen other messages");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aFeldmanVectorOfOneMoreOrLessThanTheThresholdIsRefused(int length) throws Exception {
    plan = Ceremony.generation(GROUP, 3, 3);
    rounds = Ceremony.begin(plan, Map.of());
    rounds.put(CHEAT, Cheat.ofDegree(plan, CHEAT, length));
    var results = run(Ceremony.HONEST);
    bothName(Reason.MALFORMED, results);
    assertThat(abort(results, ONE)).hasMessageContaining("expected 3");
  }

  /// Whoever speaks last chooses its constant so that the key is one whose secret it knows.
  @Test
  void aRogueLastMoverIsHeldToItsCommitment() throws Exception {
    Map<Party, Secp256k1Point> constants = new HashMap<>();
    Secp256k1Point wanted = GROUP.generate(GROUP.scalars().of(7));
    bothName(
        Reason.BAD_PROOF,
        run(
            (round, from, to, message) -> {
              if (round != 3) {
                return message;
              }
              byte[] opening = Cheat.opening(message);
              if (!from.equals(CHEAT)) {
                constants.put(from, Opening.read(plan, from, opening).vector().constant());
                return message;
              }
              Secp256k1Point chosen = wanted;
              for (Secp256k1Point constant : constants.values()) {
                chosen = chosen.plus(constant.negated());
              }
              assertThat(constants).hasSize(2);
              System.arraycopy(chosen.encode(), 0, opening, VECTOR_AT, POINT_BYTES);
              return Cheat.withOpening(message, opening);
            }));
  }

  /// The cheat says of itself what the honest ones say, and what it is told is what its own state
  /// expects, so that it goes on.
  @Test
  void aCopiedCommitmentCannotBeOpened() throws Exception {
    SortedMap<Party, byte[]> own = new TreeMap<>();
    rounds.keySet().forEach(party -> own.put(party, commitment(party)));
    byte[] echo = EchoBroadcast.of(plan.session(), "commitments", own).echo();
    Map<Integer, byte[]> theirs = new HashMap<>();
    bothName(
        Reason.BAD_PROOF,
        run(
            (round, from, to, message) -> {
              if (from.equals(TWO) && to.equals(ONE)) {
                theirs.put(round, message);
              }
              if (round == 2 && to.equals(CHEAT)) {
                return Cheat.echo(plan.session(), echo);
              }
              if (!from.equals(CHEAT) || round == 4) {
                return message;
              }
              byte[] copied = Optional.ofNullable(theirs.get(round)).orElseThrow();
              return round == 3 ? Cheat.withOpening(message, Cheat.opening(copied)) : copied;
            }));
  }

  @Test
  void aProofMadeForAnotherProverIsRefused() throws Exception {
    rounds.put(CHEAT, Cheat.proving(plan, CHEAT, plan, TWO));
    bothName(Reason.BAD_PROOF, run(Ceremony.HONEST));
  }

  @Test
  void aProofReplayedFromAnotherSessionIsRefused() throws Exception {
    DealingPlan<Secp256k1Point> earlier = Ceremony.generation(GROUP, 2, 3);
    rounds.put(CHEAT, Cheat.proving(plan, CHEAT, earlier, CHEAT));
    bothName(Reason.BAD_PROOF, run(Ceremony.HONEST));
  }

  @Test
  void aSplitViewOfCommitmentsAbortsAllBeforeAnythingIsOpened() throws Exception {
    CommitRound<Secp256k1Point> other =
        Cheat.dealing(plan, CHEAT, GROUP.scalars().random(Ceremony.RANDOM));
    bothSeeASplitView(
        run(
            (round, from, to, message) -> {
              assertThat(round == 3 && !from.equals(CHEAT)).isFalse();
              return round == 1 && from.equals(CHEAT) && to.equals(TWO)
                  ? Optional.ofNullable(other.messages().get(TWO)).orElseThrow()
                  : message;
            }));
  }

  /// The cheat commits to two openings that differ in the chain code alone, and tells each honest
  /// party in its echo what that one wants to hear.
  @Test
  void aSplitViewOfTheChainCodeAbortsAll() throws Exception {
    byte[] opening = opening(CHEAT);
    byte[] other = Cheat.flipped(opening, VECTOR_AT - 2);
    byte[] lie = Opening.commitment(plan.session(), CHEAT, other);
    SortedMap<Party, byte[]> seenByTwo = new TreeMap<>();
    bothSeeASplitView(
        run(
            (round, from, to, message) -> {
              byte[] said = message;
              if (round == 1 && from.equals(CHEAT) && to.equals(TWO)) {
                said = Cheat.commitment(plan.session(), lie);
              }
              if (round == 1 && !to.equals(ONE)) {
                seenByTwo.put(from, from.equals(CHEAT) ? lie : commitmentIn(message));
              }
              if (round == 2 && from.equals(CHEAT) && to.equals(TWO)) {
                seenByTwo.put(TWO, commitment(TWO));
                byte[] echo = EchoBroadcast.of(plan.session(), "commitments", seenByTwo).echo();
                said = Cheat.echo(plan.session(), echo);
              }
              return said;
            }));
  }

  private byte[] opening(Party party) {
    return Optional.ofNullable(rounds.get(party)).orElseThrow().opening().orElseThrow().encode();
  }

  private byte[] commitment(Party party) {
    return Opening.commitment(plan.session(), party, opening(party));
  }

  private static byte[] commitmentIn(byte[] message) {
    return Arrays.copyOfRange(message, 2 + SessionId.BYTES, message.length);
  }

  /// One honest party sees that it was lied to; the other gets no certificate from it.
  @Test
  void anotherChainCodeThanCommittedToMakesNobodyAKey() throws Exception {
    var results =
        run(
            (round, from, to, message) ->
                round == 3 && from.equals(CHEAT) && to.equals(TWO)
                    ? Cheat.withOpening(
                        message, Cheat.flipped(Cheat.opening(message), VECTOR_AT - 2))
                    : message);
    assertThat(abort(results, TWO).reason()).isEqualTo(Reason.BAD_PROOF);
    assertThat(abort(results, TWO).culprit()).hasValue(CHEAT);
    assertThat(abort(results, ONE).culprit()).hasValue(TWO);
  }

  @Test
  void aFalseEchoMakesNobodyAKey() throws Exception {
    var results =
        run(
            (round, from, to, message) ->
                round == 2 && from.equals(CHEAT) && to.equals(TWO)
                    ? Cheat.flipped(message, message.length - 1)
                    : message);
    assertThat(abort(results, TWO).reason()).isEqualTo(Reason.MISMATCH);
    assertThat(abort(results, ONE).reason()).isEqualTo(Reason.MISMATCH);
  }

  @Test
  void aWrongShareNamesItsDealer() throws Exception {
    var results =
        run(
            (round, from, to, message) ->
                round == 3 && from.equals(CHEAT) && to.equals(ONE)
                    ? Cheat.flipped(message, message.length - 1)
                    : message);
    assertThat(abort(results, ONE).reason()).isEqualTo(Reason.BAD_SHARE);
    assertThat(abort(results, ONE).culprit()).hasValue(CHEAT);
    assertThat(abort(results, TWO).reason()).isEqualTo(Reason.MISMATCH);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void messagesOfAnotherSessionAreRefused(int replayed) throws Exception {
    Map<Party, byte[]> earlier = new HashMap<>();
    Ceremony.run(
        Ceremony.generation(GROUP, 2, 3),
        Map.of(),
        (round, from, to, message) -> {
          if (round == replayed && from.equals(CHEAT)) {
            earlier.put(to, message);
          }
          return message;
        });
    assertThat(earlier).hasSize(2);
    var results =
        run(
            (round, from, to, message) ->
                round == replayed && from.equals(CHEAT)
                    ? Optional.ofNullable(earlier.get(to)).orElseThrow()
                    : message);
    for (Party honest : new Party[] {ONE, TWO}) {
      assertThat(abort(results, honest).reason()).isEqualTo(Reason.MISMATCH);
      assertThat(abort(results, honest).culprit()).isEmpty();
    }
  }

  @Test
  void aCertificateThatSomebodyElseSignedIsRefused() throws Exception {
    Map<Party, byte[]> certificates = new HashMap<>();
    bothName(
        Reason.MISMATCH,
        run(
            (round, from, to, message) -> {
              if (round == 4 && from.equals(TWO)) {
                certificates.put(TWO, message);
              }
              return round == 4 && from.equals(CHEAT)
                  ? Optional.ofNullable(certificates.get(TWO)).orElseThrow()
                  : message;
            }));
  }

  /// The last byte of each message, and some before it.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void noChangedMessageLeadsToAKeyAtWhoGetsIt(int changed) throws Exception {
    for (int back = 1; back < 60; back += 7) {
      begin();
      int place = back;
      var results =
          run(
              (round, from, to, message) ->
                  round == changed && from.equals(CHEAT) && to.equals(ONE)
                      ? Cheat.flipped(message, message.length - place)
                      : message);
      assertThat(abort(results, ONE).reason()).isNotNull();
    }
  }

  @Test
  void whoSaysNothingIsNamed() throws Exception {
    rounds.remove(CHEAT);
    bothName(Reason.MISMATCH, run(Ceremony.HONEST));
  }
}
