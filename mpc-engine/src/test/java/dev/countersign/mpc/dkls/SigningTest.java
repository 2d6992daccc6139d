package dev.countersign.mpc.dkls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.mpc.Aborts;
import dev.countersign.mpc.Party;
import dev.countersign.mpc.ProtocolAbortException;
import dev.countersign.mpc.ProtocolAbortException.Reason;
import dev.countersign.mpc.ban.BanLedger;
import dev.countersign.mpc.group.Scalar;
import dev.countersign.mpc.group.ScalarField;
import dev.countersign.mpc.group.Secp256k1Group;
import dev.countersign.mpc.group.Secp256k1Point;
import dev.countersign.mpc.transcript.SessionId;
import fr.acinq.secp256k1.Secp256k1;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningTest {
  private static final Scalar ZERO = ScalarField.SECP256K1.zero();
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");

  /// `-Ddkls.runs=10000` for a long run.
  private static final int RUNS = Integer.getInteger("dkls.runs", 200);

  private static byte[] digest() {
    byte[] digest = new byte[32];
    Committee.RANDOM.nextBytes(digest);
    return digest;
  }

  /// All signers have the same signature; it is what the whole key makes with the nonce that it
  /// has; two other libraries take it.
  private static void check(
      Committee committee, Scalar tweak, byte[] digest, Map<Party, EcdsaSignature> signatures) {
    EcdsaSignature signature = signatures.values().iterator().next();
    assertThat(signatures.values()).allMatch(signature::equals);
    Scalar secret = committee.secret.plus(tweak);
    Secp256k1Point key = Secp256k1Group.INSTANCE.generate(secret);
    Scalar nonce =
        Presignature.reduced(digest)
            .plus(signature.r().times(secret))
            .times(signature.s().inverse());
    byte[] point = Secp256k1Group.INSTANCE.generate(nonce).encode();
    assertThat(Presignature.reduced(Arrays.copyOfRange(point, 1, 33))).isEqualTo(signature.r());
    assertThat(signature.recoveryId() & 1).isEqualTo(point[0] - 2);
    BigInteger s = new BigInteger(1, signature.s().encode());
    assertThat(s.shiftLeft(1)).isLessThan(ScalarField.SECP256K1.order());
    assertThat(Secp256k1.get().ecdsaRecover(signature.compact(), digest, signature.recoveryId()))
        .isEqualTo(Secp256k1.get().pubkeyParse(key.encode()));
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(
        false,
        new ECPublicKeyParameters(
            CURVE.getCurve().decodePoint(key.encode()), new ECDomainParameters(CURVE)));
    assertThat(verifier.verifySignature(digest, new BigInteger(1, signature.r().encode()), s))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"2,2", "2,3", "3,3", "2,4", "3,4", "4,4", "2,5", "3,5", "4,5", "5,5"})
  void anyThresholdOfPartiesSigns(int threshold, int count) throws Exception {
    Committee committee = Committee.of(threshold, count);
    List<Party> last = Party.first(count).subList(count - threshold, count);
    for (List<Party> signers : List.of(Party.first(threshold), last)) {
      byte[] digest = digest();
      check(
          committee,
          ZERO,
          digest,
          new SigningRun(committee, ZERO, signers, SigningRun.HONEST).finish(digest));
    }
  }

  @Test
  void manyRandomRunsAreWhatTheWholeKeyMakes() throws Exception {
    for (int run = 0; run < RUNS; run++) {
      int count = 2 + Committee.RANDOM.nextInt(3);
      int threshold = 2 + Committee.RANDOM.nextInt(Math.min(2, count - 1));
      Committee committee = Committee.of(threshold, count);
      List<Party> shuffled = new ArrayList<>(Party.first(count));
      Collections.shuffle(shuffled, Committee.RANDOM);
      Scalar tweak = run % 2 == 0 ? ZERO : ScalarField.SECP256K1.random(Committee.RANDOM);
      byte[] digest = digest();
      check(
          committee,
          tweak,
          digest,
          new SigningRun(committee, tweak, shuffled.subList(0, threshold), SigningRun.HONEST)
              .finish(digest));
    }
  }

  @Test
  void theEdgesOfTheDigestAreNoExceptions() throws Exception {
    Committee committee = Committee.of(2, 2);
    byte[] most = new byte[32];
    Arrays.fill(most, (byte) 0xff);
    for (byte[] digest : List.of(new byte[32], most)) {
      check(committee, ZERO, digest, SigningRun.of(committee, SigningRun.HONEST).finish(digest));
    }
  }

  @Test
  void sharesOfZeroAddUpToZeroAndAreOthersInEachSession() throws Exception {
    SessionId session = Committee.session();
    List<Scalar> shares = new ArrayList<>();
    for (Party own : Party.first(4)) {
      List<PairSetup> setups =
          Party.first(4).stream()
              .filter(peer -> !peer.equals(own))
              .map(peer -> Committee.setup(own, peer))
              .toList();
      shares.add(ZeroShares.share(session, own, setups));
      assertThat(ZeroShares.share(Committee.session(), own, setups)).isNotEqualTo(shares.getLast());
    }
    assertThat(shares.stream().reduce(ZERO, Scalar::plus)).isEqualTo(ZERO);
    assertThat(shares).doesNotContain(ZERO).doesNotHaveDuplicates();
  }

  @Test
  void aPresignatureSignsOnceWhoeverAsks() throws Exception {
    Presignature presignature =
        Committee.get(
            SigningRun.of(Committee.of(2, 2), SigningRun.HONEST).toPresignatures().presignatures,
            new Party(1));
    var winners = new ConcurrentLinkedQueue<SigningThirdRound>();
    var noted = new ConcurrentLinkedQueue<SessionId>();
    var losers = new ConcurrentLinkedQueue<Reason>();
    Callable<Boolean> signing =
        () -> {
          try {
            return winners.add(
                presignature.sign(digest(), (id, digest) -> assertThat(noted.add(id)).isTrue()));
          } catch (ProtocolAbortException e) {
            return losers.add(e.reason());
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(threads.invokeAll(Collections.nCopies(100, signing))).hasSize(100);
    }
    assertThat(winners).hasSize(1);
    assertThat(noted).containsExactly(presignature.id());
    assertThat(losers).hasSize(99).containsOnly(Reason.REUSE);
  }

  /// An old snapshot in memory does not sign where the ledger knows better.
  @Test
  void whatTheLedgerRefusesIsNotSignedAndIsGone() throws Exception {
    Presignature presignature =
        Committee.get(
            SigningRun.of(Committee.of(2, 2), SigningRun.HONEST).toPresignatures().presignatures,
            new Party(1));
    PresignatureLedger refusing =
        (id, digest) -> {
          throw new ProtocolAbortException(Reason.REUSE, Optional.empty(), "noted before");
        };
    Aborts.withoutBan(Reason.REUSE, Optional.empty(), () -> presignature.sign(digest(), refusing));
    Aborts.withoutBan(
        Reason.REUSE, Optional.empty(), () -> presignature.sign(digest(), SigningRun.NOTED));
  }

  @Test
  void aRoundGoesOnOnce() throws Exception {
    SigningRun run = SigningRun.of(Committee.of(2, 2), SigningRun.HONEST);
    Party one = new Party(1);
    var firstMessages = Committee.get(run.firstMessages(), one);
    run.toSecond();
    Aborts.withoutBan(
        Reason.REUSE, Optional.empty(), () -> Committee.get(run.first, one).receive(firstMessages));
    var secondMessages = Committee.get(run.secondMessages(), one);
    SigningSecondRound second = Committee.get(run.second, one);
    second.receive(secondMessages);
    Aborts.withoutBan(Reason.REUSE, Optional.empty(), () -> second.receive(secondMessages));
  }

  @Test
  void aPlanThatCannotBeIsRefused() {
    Committee committee = Committee.of(2, 3);
    Party own = new Party(1);
    for (List<Party> signers :
        List.of(
            Party.first(3),
            List.of(own),
            List.of(own, own),
            List.of(new Party(2), new Party(3)),
            List.of(own, new Party(4)))) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new SigningPlan(
                      Committee.session(),
                      Committee.get(committee.shares, own),
                      ZERO,
                      signers,
                      List.of(Committee.setup(own, new Party(2))),
                      BanLedger.EMPTY));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SigningPlan(
                    Committee.session(),
                    Committee.get(committee.shares, own),
                    ZERO,
                    Party.first(2),
                    List.of(Committee.setup(own, new Party(3))),
                    BanLedger.EMPTY))
        .withMessageContaining("expected setups");
    PairSetup setup = Committee.setup(own, new Party(2));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SigningPlan(
                    Committee.session(),
                    Committee.get(committee.shares, own),
                    ZERO,
                    Party.first(2),
                    List.of(setup, setup),
                    BanLedger.EMPTY))
        .withMessageContaining("two setups");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                committee.plan(
                    Committee.session(), own, committee.secret.negated(), Party.first(2)))
        .withMessageContaining("the identity");
  }
}
