package dev.countersign.mpc.frost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.group.Point;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.key.GroupKey;
import dev.countersign.mpc.key.KeyShare;
import fr.acinq.secp256k1.Secp256k1;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrostTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] MESSAGE = {1, 2, 3, 4};

  /// The parties of one signature, up to the point where they sign.
  private record Run<P extends Point<P>>(
      Map<Party, KeyShare<P>> shares, Map<Party, SigningNonces<P>> nonces) {

    static <P extends Point<P>> Run<P> of(Ciphersuite<P> suite, List<KeyShare<P>> signers) {
      Map<Party, KeyShare<P>> shares = new LinkedHashMap<>();
      Map<Party, SigningNonces<P>> nonces = new LinkedHashMap<>();
      signers.forEach(
          share -> {
            shares.put(share.party(), share);
            nonces.put(share.party(), SigningNonces.draw(suite, share, RANDOM));
          });
      return new Run<>(shares, nonces);
    }

    List<NonceCommitment<P>> commitments() {
      return nonces.values().stream().map(SigningNonces::commitment).toList();
    }

    SigningPackage<P> round(Ciphersuite<P> suite, byte[] message) throws ProtocolAbortException {
      return SigningPackage.of(
          suite, shares.values().iterator().next().key(), commitments(), message);
    }

    Map<Party, Scalar> sign(SigningPackage<P> round) throws ProtocolAbortException {
      Map<Party, Scalar> all = new HashMap<>();
      for (Map.Entry<Party, KeyShare<P>> one : shares.entrySet()) {
        all.put(
            one.getKey(),
            round.sign(
                one.getValue(), Optional.ofNullable(nonces.get(one.getKey())).orElseThrow()));
      }
      return all;
    }
  }

  private static <P extends Point<P>> byte[] signed(
      Ciphersuite<P> suite, List<KeyShare<P>> signers, byte[] message)
      throws ProtocolAbortException {
    Run<P> run = Run.of(suite, signers);
    SigningPackage<P> round = run.round(suite, message);
    return round.aggregate(run.sign(round));
  }

  @ParameterizedTest
  @CsvSource({"2,2", "2,3", "3,5", "5,5", "5,9", "9,9"})
  void anySignersMakeASignatureThatOthersVerify(int threshold, int count) throws Exception {
    var ed25519 = Dealer.deal(FrostEd25519.INSTANCE, threshold, count);
    var taproot = Dealer.deal(FrostTaproot.INSTANCE, threshold, count);
    for (int first = 0; first + threshold <= count; first++) {
      byte[] signature =
          signed(FrostEd25519.INSTANCE, ed25519.subList(first, first + threshold), MESSAGE);
      Ed25519Signer verifier = new Ed25519Signer();
      verifier.init(
          false, new Ed25519PublicKeyParameters(ed25519.getFirst().key().point().encode(), 0));
      verifier.update(MESSAGE, 0, MESSAGE.length);
      assertThat(verifier.verifySignature(signature)).isTrue();

      byte[] digest = new byte[32];
      RANDOM.nextBytes(digest);
      byte[] schnorr =
          signed(FrostTaproot.INSTANCE, taproot.subList(first, first + threshold), digest);
      byte[] key = taproot.getFirst().key().point().encode();
      assertThat(
              Secp256k1.get()
                  .verifySchnorr(schnorr, digest, Arrays.copyOfRange(key, 1, key.length)))
          .isTrue();
    }
  }

  @Test
  void moreSignersThanTheThresholdDo() throws Exception {
    var shares = Dealer.deal(FrostSecp256k1.INSTANCE, 2, 4);
    assertThat(signed(FrostSecp256k1.INSTANCE, shares, MESSAGE)).hasSize(65);
  }

  @Test
  void namesWhoGivesAWrongShare() throws Exception {
    var suite = FrostSecp256k1.INSTANCE;
    Run<Secp256k1Point> run = Run.of(suite, Dealer.deal(suite, 3, 3));
    SigningPackage<Secp256k1Point> round = run.round(suite, MESSAGE);
    Map<Party, Scalar> shares = run.sign(round);
    shares.computeIfPresent(new Party(2), (party, share) -> share.plus(share));
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(() -> round.aggregate(shares))
        .satisfies(
            abort -> {
              assertThat(abort.reason()).isEqualTo(Reason.BAD_SHARE);
              assertThat(abort.culprit()).hasValue(new Party(2));
            });
  }

  @Test
  void noncesSignOnceWhoeverAsks() throws Exception {
    var suite = FrostTaproot.INSTANCE;
    Run<Secp256k1Point> run = Run.of(suite, Dealer.deal(suite, 2, 2));
    SigningPackage<Secp256k1Point> round = run.round(suite, new byte[32]);
    Party party = new Party(1);
    var winners = new ConcurrentLinkedQueue<Scalar>();
    var losers = new ConcurrentLinkedQueue<Reason>();
    Callable<Boolean> signing =
        () -> {
          try {
            return winners.add(
                round.sign(
                    Optional.ofNullable(run.shares().get(party)).orElseThrow(),
                    Optional.ofNullable(run.nonces().get(party)).orElseThrow()));
          } catch (ProtocolAbortException e) {
            return losers.add(e.reason());
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(threads.invokeAll(Collections.nCopies(100, signing))).hasSize(100);
    }
    assertThat(winners).hasSize(1);
    assertThat(losers).hasSize(99).containsOnly(Reason.REUSE);
  }

  /// Drijvers and others, and the ROS attack: whoever chooses the list of commitments must not
  /// choose it after what a signer has seen.
  @Test
  void anAlteredListOfCommitmentsIsRefusedAndTheNoncesAreGone() throws Exception {
    var suite = FrostSecp256k1.INSTANCE;
    List<KeyShare<Secp256k1Point>> shares = Dealer.deal(suite, 2, 3);
    Run<Secp256k1Point> run = Run.of(suite, shares.subList(0, 2));
    Run<Secp256k1Point> other = Run.of(suite, shares.subList(0, 2));
    SigningPackage<Secp256k1Point> altered =
        SigningPackage.of(
            suite,
            shares.getFirst().key(),
            List.of(other.commitments().getFirst(), run.commitments().getLast()),
            MESSAGE);
    SigningNonces<Secp256k1Point> nonces =
        Optional.ofNullable(run.nonces().get(new Party(1))).orElseThrow();
    aborts(Reason.MISMATCH, () -> altered.sign(shares.getFirst(), nonces));
    SigningPackage<Secp256k1Point> right = run.round(suite, MESSAGE);
    aborts(Reason.REUSE, () -> right.sign(shares.getFirst(), nonces));
  }

  @Test
  void listsThatNoHonestCoordinatorMakesAreRefused() {
    var suite = FrostSecp256k1.INSTANCE;
    List<KeyShare<Secp256k1Point>> shares = Dealer.deal(suite, 2, 3);
    GroupKey<Secp256k1Point> key = shares.getFirst().key();
    List<NonceCommitment<Secp256k1Point>> all = Run.of(suite, shares).commitments();
    var stranger =
        new NonceCommitment<>(new Party(7), all.getFirst().hiding(), all.getFirst().binding());
    aborts(Reason.MISMATCH, () -> SigningPackage.of(suite, key, all.subList(0, 1), MESSAGE));
    aborts(
        Reason.MISMATCH,
        () -> SigningPackage.of(suite, key, List.of(all.getFirst(), all.getFirst()), MESSAGE));
    aborts(
        Reason.MISMATCH,
        () -> SigningPackage.of(suite, key, List.of(all.getFirst(), stranger), MESSAGE));
  }

  @Test
  void aShareOfAnotherKeyDoesNotSign() throws Exception {
    var suite = FrostSecp256k1.INSTANCE;
    Run<Secp256k1Point> run = Run.of(suite, Dealer.deal(suite, 2, 2));
    KeyShare<Secp256k1Point> foreign = Dealer.deal(suite, 2, 2).getFirst();
    SigningPackage<Secp256k1Point> round = run.round(suite, MESSAGE);
    aborts(
        Reason.MISMATCH,
        () ->
            round.sign(foreign, Optional.ofNullable(run.nonces().get(new Party(1))).orElseThrow()));
  }

  private static void aborts(Reason reason, ThrowingCallable call) {
    assertThatExceptionOfType(ProtocolAbortException.class)
        .isThrownBy(call)
        .satisfies(abort -> assertThat(abort.reason()).isEqualTo(reason));
  }
}
