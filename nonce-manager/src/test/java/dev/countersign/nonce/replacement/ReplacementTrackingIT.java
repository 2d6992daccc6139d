package dev.countersign.nonce.replacement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.evm.CallEncoder.Call;
import dev.countersign.core.evm.ReplacementTransactions;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.GasLimit;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.NonceLedger.Account;
import dev.countersign.core.port.PayloadLedger.Stuck;
import dev.countersign.core.replacement.NoncePayloads;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.replacement.ReplacementId;
import dev.countersign.core.request.RequestState;
import dev.countersign.nonce.broadcast.ErrorKind;
import dev.countersign.nonce.testing.Instance;
import dev.countersign.nonce.testing.Instance.Owned;
import dev.countersign.nonce.testing.OnDevChain;
import dev.countersign.nonce.testing.TestAccount;
import dev.countersign.testenv.chain.DevChain;
import dev.countersign.testenv.junit.DevChainSettings;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.postgres.PostgresDatabase;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Nonces with several payloads, on a chain that mines when a test says so; three blocks make a
/// transaction final.
@WithTestEnvironment
@DevChainSettings(blockMillis = -1)
@Timeout(60)
class ReplacementTrackingIT extends OnDevChain {
  private static final int DEPTH = 3;
  private static final Fees FEES = fees(1, 20);

  ReplacementTrackingIT(PostgresDatabase database, DevChain chain) {
    super(database, chain, 0, DEPTH);
  }

  /// One nonce with its original in the pool.
  private final class Waiting {
    final Instance instance;
    final PostgresPayloadLedger payloads;
    final TestAccount account;
    final Owned owned;
    final UnsignedTransaction original;

    Waiting(String name, Instance instance) {
      this.instance = instance;
      this.payloads = new PostgresPayloadLedger(instance.unitOfWork(), InstantSource.system());
      this.account = funded(name);
      this.owned = instance.admit(new Lane(chainId, account.address()), 1).getFirst();
      this.original =
          new UnsignedTransaction(
              chainId, owned.nonce(), FEES, new Call(account.address(), Wei.of(1), Bytes.EMPTY));
      instance.settle(owned, account.sign(original));
    }

    ReplacementId id(int ordinal) {
      return new ReplacementId(owned.request(), ordinal);
    }

    void permit(int ordinal, PayloadPurpose purpose, UnsignedTransaction unsigned) {
      instance
          .unitOfWork()
          .run(
              t -> {
                payloads.lock(t, owned.lane(), owned.request());
                payloads.permit(t, id(ordinal), purpose, unsigned.encode(), unsigned.mostCost());
              });
    }

    boolean sign(int ordinal, SignedTransaction signed) {
      return instance
          .unitOfWork()
          .inTransaction(t -> payloads.recordSigned(t, id(ordinal), signed));
    }

    SignedTransaction speedUp(int ordinal, int gwei) {
      UnsignedTransaction faster =
          ReplacementTransactions.speedUp(original, fees(gwei, 20L * gwei));
      permit(ordinal, PayloadPurpose.SPEED_UP, faster);
      SignedTransaction signed = account.sign(faster);
      assertThat(sign(ordinal, signed)).isTrue();
      return signed;
    }

    SignedTransaction cancel(int ordinal, int gwei) {
      UnsignedTransaction nothing =
          ReplacementTransactions.cancellation(original, account.address(), fees(gwei, 20L * gwei));
      permit(ordinal, PayloadPurpose.CANCELLATION, nothing);
      SignedTransaction signed = account.sign(nothing);
      assertThat(sign(ordinal, signed)).isTrue();
      return signed;
    }

    NoncePayloads now() {
      return payloads.find(owned.request()).orElseThrow();
    }

    String original() {
      return account.sign(original).hash().hex();
    }
  }

  @Test
  void theNewestIsSentAndTheOneThatIsMinedDecides() {
    Instance instance = bench.instance().broadcasting().tracking();
    Waiting waiting = new Waiting("newest", instance);
    awaitInPool(waiting.original());
    String faster = waiting.speedUp(1, 2).hash().hex();
    awaitInPool(faster);
    chain.rpc().mine(DEPTH);
    await().until(() -> state(waiting) == RequestState.CONFIRMED);
    assertThat(waiting.now().payloads())
        .extracting(NoncePayloads.Payload::mined)
        .containsExactly(false, true);
    assertThat(waiting.now().state()).isEqualTo(NoncePayloads.State.ENDED);
    assertThat(bench.audit(waiting.owned.request()).getLast())
        .startsWith("TransactionConfirmed")
        .contains(faster);
  }

  @Test
  void aReorganisationUnminesOnePayloadAndMinesTheOther() {
    Instance instance = bench.instance().broadcasting().tracking();
    Waiting waiting = new Waiting("swapped", instance);
    awaitInPool(waiting.original());
    String cancellation = waiting.cancel(1, 2).hash().hex();
    awaitInPool(cancellation);
    chain.rpc().mine(1);
    await().until(() -> bench.nonceState(waiting.owned.request()).equals("MINED"));
    assertThat(waiting.now().payloads().get(1).mined()).isTrue();
    instance.close();

    // While nobody looks, another miner takes the original.
    chain.rpc().call("anvil_reorg", 1, List.of());
    chain.rpc().call("anvil_dropTransaction", cancellation);
    chain
        .rpc()
        .call("eth_sendRawTransaction", waiting.account.sign(waiting.original).bytes().hex());
    chain.rpc().mine(DEPTH);
    bench.instance().tracking();

    await().until(() -> state(waiting) == RequestState.CONFIRMED);
    assertThat(waiting.now().payloads())
        .extracting(NoncePayloads.Payload::mined)
        .containsExactly(true, false);
    assertThat(bench.audit(waiting.owned.request()))
        .satisfiesExactlyInAnyOrder(
            event -> assertThat(event).startsWith("TransactionBroadcast"),
            event -> assertThat(event).startsWith("TransactionUnmined").contains(cancellation),
            event ->
                assertThat(event).startsWith("TransactionConfirmed").contains(waiting.original()));
  }

  @Test
  void aCancellationThatIsMinedCancelsTheRequest() {
    Instance instance = bench.instance().broadcasting().tracking();
    Waiting waiting = new Waiting("cancelled", instance);
    awaitInPool(waiting.cancel(1, 2).hash().hex());
    chain.rpc().mine(DEPTH);
    await().until(() -> state(waiting) == RequestState.CANCELLED);
    assertThat(bench.nonceState(waiting.owned.request())).isEqualTo("CONFIRMED");
  }

  @Test
  void whatIsSignedTooLateIsNotWritten() {
    Instance instance = bench.instance().broadcasting().tracking();
    Waiting waiting = new Waiting("late", instance);
    UnsignedTransaction faster = ReplacementTransactions.speedUp(waiting.original, fees(2, 40));
    waiting.permit(1, PayloadPurpose.SPEED_UP, faster);
    awaitInPool(waiting.original());
    chain.rpc().mine(DEPTH);
    await().until(() -> state(waiting) == RequestState.CONFIRMED);
    assertThat(waiting.sign(1, waiting.account.sign(faster))).isFalse();
    assertThat(
            instance
                .unitOfWork()
                .<Boolean>inTransaction(t -> waiting.payloads.drop(t, waiting.id(1), "late")))
        .isTrue();
    assertThat(waiting.now().pending()).isEmpty();
  }

  @Test
  void theDatabaseKeepsWhatIsSignedAndTakesOneAfterTheOther() {
    Waiting waiting = new Waiting("kept", bench.instance());
    Waiting other = new Waiting("other", bench.instance());
    UnsignedTransaction faster = ReplacementTransactions.speedUp(waiting.original, fees(2, 40));
    assertThatThrownBy(() -> waiting.permit(2, PayloadPurpose.SPEED_UP, faster))
        .rootCause()
        .hasMessageContaining("the next replacement is 1, unsigned");
    waiting.permit(1, PayloadPurpose.SPEED_UP, faster);
    assertThatThrownBy(() -> waiting.permit(2, PayloadPurpose.SPEED_UP, faster))
        .rootCause()
        .hasMessageContaining("is just being signed");
    assertThat(waiting.sign(1, waiting.account.sign(faster))).isTrue();
    assertThat(waiting.sign(1, waiting.account.sign(faster))).as("twice").isFalse();
    assertRefused(
        "UPDATE nonce.replacement SET signed = '\\x00', hash = '0x" + "00".repeat(32) + "'",
        "signed bytes never change");
    assertRefused("UPDATE nonce.replacement SET unsigned = '\\x00'", "what is permitted");
    assertRefused("DELETE FROM nonce.replacement", "is not forgotten");
    assertRefused(
        """
        INSERT INTO nonce.replacement
          (chain, address, nonce, ordinal, request_id, purpose, unsigned, most_cost, permitted_at)
        SELECT chain, address, nonce, 2, '%s', purpose, unsigned, most_cost, permitted_at
        FROM nonce.replacement
        """
            .formatted(other.owned.request()),
        "is of the request that owns the nonce");
    assertRefused("UPDATE nonce.transaction SET newest = 0 WHERE newest = 1", "is not sent again");
  }

  @Test
  void theMostExpensivePayloadIsWhatIsInFlight() {
    Waiting waiting = new Waiting("dear", bench.instance());
    Account account = new Account(waiting.owned.lane(), new Wei(ETHER), new Nonce(0));
    waiting.speedUp(1, 2);
    waiting.cancel(2, 3);
    BigInteger most =
        ReplacementTransactions.cancellation(
                waiting.original, waiting.account.address(), fees(3, 60))
            .mostCost();
    assertThat(waiting.now().mostCost()).isEqualTo(most);
    assertThat(waiting.instance.ledger().available(account)).isEqualTo(ETHER.subtract(most));
  }

  @Test
  void whatWasPermittedAndNotSignedIsTakenByOneAtATime() {
    Waiting waiting = new Waiting("resumed", bench.instance());
    waiting.speedUp(1, 2);
    UnsignedTransaction second = ReplacementTransactions.speedUp(waiting.original, fees(3, 60));
    waiting.permit(2, PayloadPurpose.SPEED_UP, second);
    assertThat(claim(waiting, Set.of(waiting.id(2)))).isEmpty();
    Waiting fresh = new Waiting("resumed-2", bench.instance());
    fresh.permit(
        1, PayloadPurpose.SPEED_UP, ReplacementTransactions.speedUp(fresh.original, fees(2, 40)));
    assertThat(claim(waiting, Set.of()))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.id()).isEqualTo(fresh.id(1));
              assertThat(one.replaces()).as("the original").isEmpty();
            });
    assertThat(claim(waiting, Set.of())).as("leased").isEmpty();
  }

  private static List<dev.countersign.core.port.PayloadLedger.Unsigned> claim(
      Waiting waiting, Set<ReplacementId> except) {
    return waiting
        .instance
        .unitOfWork()
        .inTransaction(
            t ->
                waiting.payloads.claimUnsigned(
                    t, Duration.ZERO, Duration.ofMinutes(1), except, 10));
  }

  @Test
  void aNodeThatWantsMoreIsRememberedAndNothingIsLost() {
    Instance instance = bench.instance().broadcasting().tracking();
    Waiting waiting = new Waiting("outbid", instance);
    awaitInPool(waiting.original());
    waiting.cancel(1, 1);
    await().until(() -> waiting.now().outbid());
    assertThat(instance.refusals()).contains(ErrorKind.REPLACEMENT_UNDERPRICED);
    assertThat(stuck(waiting, Duration.ZERO))
        .containsExactly(new Stuck(waiting.owned.request(), true));
    awaitInPool(waiting.cancel(2, 2).hash().hex());
    assertThat(waiting.now().outbid()).isFalse();
    chain.rpc().mine(DEPTH);
    await().until(() -> state(waiting) == RequestState.CANCELLED);
  }

  @Test
  void onlyTheFirstOfALaneIsStuck() {
    Instance instance = bench.instance();
    Waiting first = new Waiting("stuck", instance);
    Owned later = instance.admit(first.owned.lane(), 1).getFirst();
    instance.settle(first.account, List.of(later));
    assertThat(stuck(first, Duration.ofMinutes(1))).as("not long enough").isEmpty();
    assertThat(stuck(first, Duration.ZERO))
        .containsExactly(new Stuck(first.owned.request(), false));
    assertThat(stuck(first, Duration.ZERO)).as("looked at").isEmpty();
  }

  private List<Stuck> stuck(Waiting waiting, Duration after) {
    return waiting
        .instance
        .unitOfWork()
        .inTransaction(
            t -> waiting.payloads.claimStuck(t, chainId, after, Duration.ofMinutes(1), 10));
  }

  private void assertRefused(String sql, String reason) {
    assertThatThrownBy(() -> bench.owner().useHandle(handle -> handle.execute(sql)))
        .rootCause()
        .hasMessageContaining(reason);
  }

  private RequestState state(Waiting waiting) {
    return bench.state(waiting.owned.request());
  }

  private static Fees fees(long tip, long most) {
    return new Fees(Wei.of(tip * 1_000_000_000L), Wei.of(most * 1_000_000_000L), GasLimit.TRANSFER);
  }
}
