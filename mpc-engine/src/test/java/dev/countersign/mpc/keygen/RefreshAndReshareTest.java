package dev.countersign.mpc.keygen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.frost.Ciphersuite;
import dev.countersign.mpc.frost.FrostEd25519;
import dev.countersign.mpc.frost.FrostSecp256k1;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.EpochKey;
import dev.countersign.mpc.key.EpochShare;
import dev.countersign.mpc.keygen.Ceremony.Result;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RefreshAndReshareTest {
  private static final Secp256k1Group GROUP = Secp256k1Group.INSTANCE;

  static Stream<Arguments> thresholds() {
    return KeyGenerationTest.thresholds();
  }

  static Set<Party> parties(String digits) {
    return digits
        .chars()
        .mapToObj(digit -> new Party(digit - '0'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static <P extends Point<P>> EpochShare<P> of(
      Map<Party, EpochShare<P>> shares, int party) {
    return Optional.ofNullable(shares.get(new Party(party))).orElseThrow();
  }

  private static <P extends Point<P>> EpochKey<P> key(SortedMap<Party, EpochShare<P>> shares) {
    return shares.firstEntry().getValue().key();
  }

  private static <P extends Point<P>> DealingPlan<P> refresh(EpochKey<P> key)
      throws ProtocolAbortException {
    return DealingPlan.refresh(
        key, Ceremony.known(key.parties()), Ceremony.nonce(), BanLedger.EMPTY);
  }

  private static <P extends Point<P>> void isTheSameKey(EpochKey<P> before, EpochKey<P> after) {
    assertThat(after.key().point()).isEqualTo(before.key().point());
    assertThat(after.chainCode()).isEqualTo(before.chainCode());
    assertThat(after.keyId()).isEqualTo(before.keyId());
    assertThat(after.keygen()).isEqualTo(before.keygen());
    assertThat(after.epoch()).isEqualTo(before.epoch() + 1);
  }

  @ParameterizedTest
  @MethodSource("thresholds")
  void aRefreshMakesOtherSharesOfTheSameKey(int threshold, int count) throws Exception {
    refreshes(FrostSecp256k1.INSTANCE, threshold, count);
    if (count <= 3) {
      refreshes(FrostEd25519.INSTANCE, threshold, count);
    }
  }

  private static <P extends Point<P>> void refreshes(Ciphersuite<P> suite, int threshold, int count)
      throws ProtocolAbortException {
    var old = Ceremony.generate(suite.group(), threshold, count);
    var fresh = Ceremony.shares(Ceremony.run(refresh(key(old)), old, Ceremony.HONEST));
    isTheSameKey(key(old), key(fresh));
    SharedKeys.check(suite, fresh, threshold);
    old.forEach(
        (party, share) ->
            assertThat(of(fresh, party.number()).share().secret())
                .isNotEqualTo(share.share().secret()));
    SharedKeys.check(suite, old, threshold);
  }

  @Test
  void oldAndNewSharesDoNotMix() throws Exception {
    var old = Ceremony.generate(GROUP, 2, 3);
    var fresh = Ceremony.shares(Ceremony.run(refresh(key(old)), old, Ceremony.HONEST));
    for (int a = 1; a <= 3; a++) {
      for (int b = 1; b <= 3; b++) {
        if (a != b) {
          EpochShare<Secp256k1Point> one = of(old, a);
          EpochShare<Secp256k1Point> other = of(fresh, b);
          assertThat(GROUP.generate(SharedKeys.secret(GROUP, List.of(one, other))))
              .isNotEqualTo(key(old).key().point());
          aborts(
              Reason.MISMATCH,
              () -> SharedKeys.sign(FrostSecp256k1.INSTANCE, List.of(one.share(), other.share())));
        }
      }
    }
  }

  @Test
  void anOldShareTakesNoPartInALaterRefresh() throws Exception {
    var old = Ceremony.generate(GROUP, 2, 2);
    var fresh = Ceremony.shares(Ceremony.run(refresh(key(old)), old, Ceremony.HONEST));
    aborts(Reason.MISMATCH, () -> Ceremony.begin(refresh(key(fresh)), old));
    aborts(Reason.MISMATCH, () -> Ceremony.begin(refresh(key(old)), Map.of()));
  }

  /// Among them: more and fewer parties, a higher and a lower threshold, all of them others, and
  /// more dealers than the threshold.
  @ParameterizedTest
  @CsvSource({
    "2, 3, 12, 123, 2",
    "2, 3, 13, 12345, 3",
    "3, 5, 245, 13, 2",
    "2, 3, 23, 456, 2",
    "2, 3, 123, 6789, 4",
    "3, 3, 123, 14, 2",
    "2, 2, 12, 123456789, 5"
  })
  void aReshareMakesSharesOfTheSameKeyForOthers(
      int threshold, int count, String dealers, String receivers, int next) throws Exception {
    reshares(FrostSecp256k1.INSTANCE, threshold, count, dealers, receivers, next);
    if (receivers.length() <= 3 && count <= 3) {
      reshares(FrostEd25519.INSTANCE, threshold, count, dealers, receivers, next);
    }
  }

  private static <P extends Point<P>> void reshares(
      Ciphersuite<P> suite, int threshold, int count, String dealers, String receivers, int next)
      throws ProtocolAbortException {
    var old = Ceremony.generate(suite.group(), threshold, count);
    DealingPlan<P> plan = Ceremony.reshare(key(old), parties(dealers), parties(receivers), next);
    SortedMap<Party, Result<P>> results = Ceremony.run(plan, old, Ceremony.HONEST);
    SortedMap<Party, EpochShare<P>> fresh = new TreeMap<>();
    results.forEach(
        (party, result) -> {
          var prepared = result.prepared().orElseThrow();
          assertThat(prepared.share().isPresent()).isEqualTo(parties(receivers).contains(party));
          prepared.share().ifPresent(share -> fresh.put(party, share));
        });
    assertThat(fresh.keySet()).isEqualTo(parties(receivers));
    isTheSameKey(key(old), key(fresh));
    SharedKeys.check(suite, fresh, next);
  }

  @Test
  void resharesThatCannotMakeTheKeyAreRefused() throws Exception {
    EpochKey<Secp256k1Point> key = key(Ceremony.generate(GROUP, 3, 4));
    aborts(Reason.MISMATCH, () -> Ceremony.reshare(key, parties("12"), parties("123"), 2));
    aborts(Reason.MISMATCH, () -> Ceremony.reshare(key, parties("125"), parties("123"), 2));
    aborts(Reason.MISMATCH, () -> Ceremony.reshare(key, parties("123"), parties("12"), 3));
    aborts(
        Reason.MISMATCH,
        () ->
            DealingPlan.refresh(
                key, Ceremony.known(parties("123")), Ceremony.nonce(), BanLedger.EMPTY));
  }

  /// A dealer that takes another secret than its share would change the key: it is named.
  @Test
  void aDealerOfAnotherSecretThanItsShareIsNamed() throws Exception {
    var old = Ceremony.generate(GROUP, 2, 3);
    var other = Ceremony.generate(GROUP, 2, 3);
    DealingPlan<Secp256k1Point> plan = Ceremony.reshare(key(old), parties("12"), parties("345"), 2);
    SortedMap<Party, CommitRound<Secp256k1Point>> rounds = Ceremony.begin(plan, old);
    rounds.put(new Party(2), Cheat.dealing(plan, new Party(2), of(other, 2).share().secret()));
    Ceremony.run(rounds, Ceremony.HONEST)
        .forEach(
            (party, result) -> {
              if (party.number() != 2) {
                assertThat(result.aborted().reason()).isEqualTo(Reason.BAD_SHARE);
                assertThat(result.aborted().culprit()).hasValue(new Party(2));
              }
            });
  }

  /// A refresh whose constants are not zero would change the key: its vectors have no place for
  /// one, and shares of such a polynomial do not go with the vector.
  @Test
  void aRefreshThatWouldChangeTheKeyIsRefused() throws Exception {
    var old = Ceremony.generate(GROUP, 2, 3);
    DealingPlan<Secp256k1Point> plan = refresh(key(old));
    SortedMap<Party, CommitRound<Secp256k1Point>> rounds = Ceremony.begin(plan, old);
    rounds.put(new Party(3), Cheat.dealing(plan, new Party(3), GROUP.scalars().one()));
    Ceremony.run(rounds, Ceremony.HONEST)
        .forEach(
            (party, result) -> {
              if (party.number() != 3) {
                assertThat(result.aborted().reason()).isEqualTo(Reason.BAD_SHARE);
                assertThat(result.aborted().culprit()).hasValue(new Party(3));
              }
            });
  }

  /// Plans that differ in anything make sessions that do not understand each other.
  @Test
  void everythingInAPlanIsInItsSession() throws Exception {
    var old = Ceremony.generate(GROUP, 2, 3);
    byte[] nonce = Ceremony.nonce();
    Collection<DealingPlan<Secp256k1Point>> plans =
        List.of(
            reshare(old, "12", "123", 2, nonce),
            reshare(old, "13", "123", 2, nonce),
            reshare(old, "123", "123", 2, nonce),
            reshare(old, "12", "123", 3, nonce),
            reshare(old, "12", "12", 2, nonce),
            reshare(old, "12", "1234", 2, nonce),
            reshare(old, "12", "123", 2, Ceremony.nonce()),
            DealingPlan.refresh(key(old), Ceremony.known(Party.first(3)), nonce, BanLedger.EMPTY),
            reshare(Ceremony.generate(GROUP, 2, 3), "12", "123", 2, nonce));
    assertThat(plans.stream().map(DealingPlan::session).distinct()).hasSize(plans.size());
    assertThat(reshare(old, "12", "123", 2, nonce).session())
        .isEqualTo(reshare(old, "12", "123", 2, nonce).session());
  }

  private static DealingPlan<Secp256k1Point> reshare(
      SortedMap<Party, EpochShare<Secp256k1Point>> old,
      String dealers,
      String receivers,
      int threshold,
      byte[] nonce)
      throws ProtocolAbortException {
    Set<Party> all = parties(dealers);
    all.addAll(parties(receivers));
    return DealingPlan.reshare(
        key(old),
        parties(dealers),
        parties(receivers),
        threshold,
        Ceremony.known(all),
        nonce,
        BanLedger.EMPTY);
  }

  private static void aborts(Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(call)
        .satisfies(abort -> assertThat(abort.reason()).isEqualTo(reason));
  }
}
