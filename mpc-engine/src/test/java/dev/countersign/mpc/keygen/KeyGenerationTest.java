package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.Ban;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.frost.Ciphersuite;
import dev.countersign.mpc.frost.FrostEd25519;
import dev.countersign.mpc.frost.FrostSecp256k1;
import dev.countersign.mpc.frost.FrostTaproot;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.identity.PeerIdentity;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.transcript.SessionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyGenerationTest {

  static Stream<Arguments> thresholds() {
    return IntStream.rangeClosed(2, 5)
        .boxed()
        .flatMap(
            count ->
                IntStream.rangeClosed(2, count)
                    .mapToObj(threshold -> Arguments.of(threshold, count)));
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void everySubsetMakesTheKeyAndSigns(int threshold, int count) throws Exception {
    generates(FrostSecp256k1.INSTANCE, threshold, count);
    generates(FrostEd25519.INSTANCE, threshold, count);
  }

  private static <P extends Point<P>> void generates(Ciphersuite<P> suite, int threshold, int count)
      throws ProtocolAbortException {
    SharedKeys.check(suite, Ceremony.generate(suite.group(), threshold, count), threshold);
  }

  @Test
  void ninePartiesMakeAKey() throws Exception {
    generates(FrostTaproot.INSTANCE, 5, 9);
  }

  @Test
  void twoRunsMakeTwoKeysAndTwoChainCodes() throws Exception {
    DealingPlan<Secp256k1Point> plan = Ceremony.generation(Secp256k1Group.INSTANCE, 2, 2);
    var first = one(Ceremony.shares(Ceremony.run(plan, Map.of(), Ceremony.HONEST)));
    var second = one(Ceremony.shares(Ceremony.run(plan, Map.of(), Ceremony.HONEST)));
    assertThat(first.key().key().point()).isNotEqualTo(second.key().key().point());
    assertThat(first.key().chainCode()).isNotEqualTo(second.key().chainCode());
    assertThat(first.key().epoch()).isZero();
    assertThat(first.key().keygen()).isEqualTo(plan.session());
    assertThat(first.key().keyId()).isEqualTo(Ceremony.KEY_ID);
  }

  private static <P extends Point<P>> EpochShare<P> one(SortedMap<Party, EpochShare<P>> shares) {
    return Optional.ofNullable(shares.get(new Party(1))).orElseThrow();
  }

  @Test
  void plansThatMakeNoKeyAreRefused() {
    Map<Party, PeerIdentity> two = Ceremony.known(Party.first(2));
    refused(Reason.MISMATCH, () -> plan(two, 1, Ceremony.nonce(), Ceremony.KEY_ID));
    refused(Reason.MISMATCH, () -> plan(two, 3, Ceremony.nonce(), Ceremony.KEY_ID));
    refused(Reason.MISMATCH, () -> plan(two, 2, new byte[31], Ceremony.KEY_ID));
    refused(Reason.MISMATCH, () -> plan(two, 2, Ceremony.nonce(), new byte[0]));
    refused(Reason.MISMATCH, () -> plan(two, 2, Ceremony.nonce(), new byte[65]));
    refused(Reason.MISMATCH, () -> plan(Map.of(), 2, Ceremony.nonce(), Ceremony.KEY_ID));
  }

  @Test
  void oneIdentityIsNotTwoParties() {
    PeerIdentity same = Ceremony.identity(new Party(1)).known();
    Map<Party, PeerIdentity> twice = Map.of(new Party(1), same, new Party(2), same);
    refused(Reason.MISMATCH, () -> plan(twice, 2, Ceremony.nonce(), Ceremony.KEY_ID));
  }

  @Test
  void aBannedPartyTakesNoPartByAnotherNumberOrIdentity() throws Exception {
    SessionId since = Ceremony.generation(Secp256k1Group.INSTANCE, 2, 2).session();
    PeerIdentity second = Ceremony.identity(new Party(2)).known();
    PeerIdentity fourth = Ceremony.identity(new Party(4)).known();
    refusesAPlanOfThree(new Ban(new Party(2), second, Ban.Cause.MULTIPLICATION, since));
    refusesAPlanOfThree(new Ban(new Party(2), fourth, Ban.Cause.MULTIPLICATION, since));
    refusesAPlanOfThree(new Ban(new Party(4), second, Ban.Cause.MULTIPLICATION, since));
  }

  private static void refusesAPlanOfThree(Ban ban) {
    BanLedger bans = BanLedger.EMPTY.with(ban);
    refused(
        Reason.BANNED,
        () ->
            DealingPlan.generation(
                Secp256k1Group.INSTANCE,
                Ceremony.KEY_ID,
                Ceremony.known(Party.first(3)),
                2,
                Ceremony.nonce(),
                bans));
  }

  @Test
  void somebodyElseDoesNotTakeAPartysPlace() throws Exception {
    DealingPlan<Secp256k1Point> plan = Ceremony.generation(Secp256k1Group.INSTANCE, 2, 2);
    refused(
        Reason.MISMATCH,
        () ->
            CommitRound.begin(
                plan,
                new Party(1),
                Ceremony.identity(new Party(2)),
                Optional.empty(),
                Ceremony.RANDOM));
    refused(
        Reason.MISMATCH,
        () ->
            CommitRound.begin(
                plan,
                new Party(3),
                Ceremony.identity(new Party(3)),
                Optional.empty(),
                Ceremony.RANDOM));
  }

  @Test
  void aRoundGoesOnOnce() throws Exception {
    SortedMap<Party, CommitRound<Secp256k1Point>> rounds =
        Ceremony.begin(Ceremony.generation(Secp256k1Group.INSTANCE, 2, 2), Map.of());
    CommitRound<Secp256k1Point> first = rounds.firstEntry().getValue();
    CommitRound<Secp256k1Point> second = rounds.lastEntry().getValue();
    Map<Party, byte[]> messages = new TreeMap<>();
    messages.put(
        rounds.lastKey(),
        Optional.ofNullable(second.messages().get(rounds.firstKey())).orElseThrow());
    assertThat(first.next(messages).messages()).containsOnlyKeys(List.of(rounds.lastKey()));
    refused(Reason.REUSE, () -> first.next(messages));
  }

  @Test
  void sharesAreNotSentOnceTheyAreWiped() throws Exception {
    SortedMap<Party, CommitRound<Secp256k1Point>> rounds =
        Ceremony.begin(Ceremony.generation(Secp256k1Group.INSTANCE, 2, 2), Map.of());
    Map<Party, byte[]> fromSecond =
        Map.of(rounds.lastKey(), only(rounds.lastEntry().getValue().messages()));
    Map<Party, byte[]> fromFirst =
        Map.of(rounds.firstKey(), only(rounds.firstEntry().getValue().messages()));
    EchoRound<Secp256k1Point> first = rounds.firstEntry().getValue().next(fromSecond);
    EchoRound<Secp256k1Point> second = rounds.lastEntry().getValue().next(fromFirst);
    RevealRound<Secp256k1Point> reveal =
        first.next(Map.of(rounds.lastKey(), only(second.messages())));
    RevealRound<Secp256k1Point> other =
        second.next(Map.of(rounds.firstKey(), only(first.messages())));
    assertThat(reveal.messages()).hasSize(1);
    reveal.close();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(reveal::messages);
    refused(Reason.REUSE, () -> reveal.next(Map.of(rounds.lastKey(), only(other.messages()))));
  }

  private static byte[] only(SortedMap<Party, byte[]> messages) {
    return messages.firstEntry().getValue();
  }

  private static void plan(
      Map<Party, PeerIdentity> parties, int threshold, byte[] nonce, byte[] keyId)
      throws ProtocolAbortException {
    DealingPlan.generation(
        Secp256k1Group.INSTANCE, keyId, parties, threshold, nonce, BanLedger.EMPTY);
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(call)
        .satisfies(abort -> assertThat(abort.reason()).isEqualTo(reason));
  }
}
