package dev.countersign.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Keccak;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.ReplacementPricer.Answer;
import dev.countersign.core.replacement.FeeQuote;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.NoncePayloads.Payload;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementTerms;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.SigningRequest;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What races and parent chains do to replacements, before anything is signed.
class ReplacementsTest {
  private static final Actor DESK = new Actor(Actor.Kind.CLIENT, "desk", "test");
  private static final Wallet WALLET = AdmittedRequests.wallet(new WalletId("hot"));
  private static final BigInteger PARENT_FEE = BigInteger.valueOf(77);

  private final MemoryRequests requests = new MemoryRequests();
  private final MemoryLimitsAndNonces ledgers = new MemoryLimitsAndNonces();
  private final MemoryPayloads payloads = new MemoryPayloads();
  private final DenyingReplacements policy = new DenyingReplacements();
  private final SigningRequest request =
      AdmittedRequests.of("hot", 1).signed(AdmittedRequests.NOON, Keccak.hash(new byte[] {1}));
  private final Bytes admitted = request.admission().orElseThrow().payload();
  private final BigInteger cost = ReplacementAdmission.decoded(admitted).mostCost();
  private BigInteger balance = BigInteger.TEN.pow(18);
  private final Replacements replacements =
      new Replacements(
          new ReplacementParts(
              new PipelineParts(
                  requests,
                  requests,
                  _ -> Optional.of(WALLET),
                  new NoChains(),
                  _ -> List.of(),
                  ledgers,
                  new MemoryFreezes(),
                  ledgers,
                  new NoBackends(),
                  (_, _) -> {},
                  () -> {},
                  () -> AdmittedRequests.NOON,
                  new Random(1)),
              payloads,
              policy,
              (chain, account, _, _) ->
                  new Answer.Quoted(
                      new FeeQuote(Wei.of(1), Wei.of(30), Wei.of(14)),
                      new Account(new Lane(chain, account), new Wei(balance), new Nonce(1)),
                      GasLimit.TRANSFER,
                      Optional.empty()),
              _ -> ReplacementTerms.DEFAULT),
          ReplacementObserver.NONE);

  @Test
  void aCancellationThatASpeedUpOvertookIsNotTakenForDone() {
    payloads.is(nonce(original()));
    payloads.isOnceLocked(nonce(original(), pending(PayloadPurpose.SPEED_UP)));

    assertThat(replacements.cancel(request, DESK))
        .isInstanceOfSatisfying(
            ReplacementOutcome.Refused.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.UNAVAILABLE);
              assertThat(refused.refusal().message()).contains("try again in a moment");
            });
  }

  @Test
  void ofTwoCancellationsAtOnceOneIsEnough() {
    payloads.is(nonce(original()));
    payloads.isOnceLocked(nonce(original(), pending(PayloadPurpose.CANCELLATION)));

    assertThat(replacements.cancel(request, DESK)).isInstanceOf(ReplacementOutcome.Replaced.class);
  }

  @Test
  void policyIsToldWhatTheParentChainTakes() {
    payloads.is(nonce(original()));
    assertThat(replacements.speedUp(request, Optional.empty(), Optional.empty(), DESK))
        .isInstanceOf(ReplacementOutcome.Refused.class);
    assertThat(policy.asked.getFirst().subject().parentFee()).isEqualTo(new Wei(PARENT_FEE));
  }

  @Test
  void whatTheParentChainTakesHasToBeThereToo() {
    payloads.is(nonce(original()));
    // A tenth more than 30 wei for each of 21,000 units; and the value is 1.
    balance = BigInteger.valueOf(33 * 21_000 + 1).add(PARENT_FEE).subtract(BigInteger.ONE);
    assertThat(replacements.speedUp(request, Optional.empty(), Optional.empty(), DESK))
        .isInstanceOfSatisfying(
            ReplacementOutcome.Refused.class,
            refused ->
                assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.INSUFFICIENT_FUNDS));
    balance = balance.add(BigInteger.ONE);
    assertThat(replacements.speedUp(request, Optional.empty(), Optional.empty(), DESK))
        .isInstanceOfSatisfying(
            ReplacementOutcome.Refused.class,
            refused ->
                assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.REPLACEMENT_DENIED));
  }

  /// Gas for 630,000 and one blob for 655,360 wei: a speed-up takes twice that, and the
  /// cancellation of it four times.
  @Test
  void aSpeedUpOfBlobsLeavesRoomForACancellation() {
    SigningRequest blobs = blobs(Wei.ZERO);
    payloads.is(nonce(original()));

    policy.gasCap = Optional.of(BigInteger.valueOf(4 * 1_285_360 - 1));
    assertThat(replacements.speedUp(blobs, Optional.empty(), Optional.empty(), DESK))
        .isInstanceOfSatisfying(
            ReplacementOutcome.Refused.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.FEE_CAP_REACHED);
              assertThat(refused.refusal().message()).contains("a later cancellation");
            });
    assertThat(policy.asked).isEmpty();

    policy.gasCap = Optional.of(BigInteger.valueOf(4 * 1_285_360));
    replacements.speedUp(blobs, Optional.empty(), Optional.empty(), DESK);
    assertThat(ReplacementAdmission.decoded(policy.asked.getFirst().payload()).mostGasCost())
        .isEqualTo(2 * 1_285_360);
    policy.asked.clear();

    policy.gasCap = Optional.of(BigInteger.valueOf(2 * 1_285_360));
    replacements.cancel(blobs, DESK);
    assertThat(ReplacementAdmission.decoded(policy.asked.getFirst().payload()).mostGasCost())
        .isEqualTo(2 * 1_285_360);
  }

  @Test
  void theClientsCapForBlobsIsKeptInSpeedUpsAndNotInCancellations() {
    SigningRequest capped = blobs(Wei.of(5));
    payloads.is(nonce(original()));
    assertThat(replacements.speedUp(capped, Optional.empty(), Optional.empty(), DESK))
        .isInstanceOfSatisfying(
            ReplacementOutcome.Refused.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.FEE_CAP_REACHED);
              assertThat(refused.refusal().message())
                  .contains("10 wei per blob gas or more")
                  .contains("caps it at 5");
            });
    assertThat(policy.asked).isEmpty();
    replacements.cancel(capped, DESK);
    assertThat(policy.asked).hasSize(1);
  }

  /// Signed for 5 wei per blob gas.
  ///
  /// @param asked 0 to have it found
  private static SigningRequest blobs(Wei asked) {
    return AdmittedRequests.of(
            "hot",
            1,
            Optional.of(ReplacementTransactions.ofZeros(asked)),
            ReplacementTransactions.ofZeros(Wei.of(5)))
        .signed(AdmittedRequests.NOON, Keccak.hash(new byte[] {1}));
  }

  private NoncePayloads nonce(Payload... all) {
    return new NoncePayloads(
        request.id(),
        new Lane(request.content().chain(), WALLET.address()),
        new Nonce(1),
        NoncePayloads.State.OPEN,
        List.of(all),
        cost.add(PARENT_FEE),
        false,
        Optional.empty());
  }

  private static Payload original() {
    return new Payload(
        0,
        PayloadPurpose.ORIGINAL,
        Optional.empty(),
        Optional.of(new SignedTransaction(Bytes.fromHex("0x02c101"))),
        AdmittedRequests.NOON,
        Optional.of(AdmittedRequests.NOON),
        false,
        false);
  }

  private Payload pending(PayloadPurpose purpose) {
    return new Payload(
        1,
        purpose,
        Optional.of(admitted),
        Optional.empty(),
        AdmittedRequests.NOON,
        Optional.empty(),
        false,
        false);
  }

  private static final class NoBackends implements KeyBackends {
    @Override
    public Optional<KeyBackend> find(BackendName name) {
      return Optional.empty();
    }

    @Override
    public List<KeyBackend> all() {
      return List.of();
    }
  }

  private static final class NoChains implements ChainDirectory {
    @Override
    public Optional<Chain> find(ChainId id) {
      return Optional.empty();
    }

    @Override
    public List<Chain> all() {
      return List.of();
    }
  }
}
