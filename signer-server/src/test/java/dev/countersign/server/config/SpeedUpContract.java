package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
import dev.countersign.api.v1.TransactionAttempt;
import dev.countersign.api.v1.TransactionAttempt.Purpose;
import dev.countersign.core.pipeline.ReplacementOutcome;
import dev.countersign.core.pipeline.Replacements;
import dev.countersign.core.port.ReplacementPricer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Transactions that are offered more for.
interface SpeedUpContract {
  /// What they share.
  HandMinedServer world();

  @Test
  default void aSpeedUpIsMinedInPlaceOfTheOriginal() {
    String wallet = world().wallet();
    String payee = world().payee();
    SigningRequest asked = world().broadcast(wallet, payee);

    SigningRequest faster = world().speedUp(asked);

    assertThat(faster.getAttemptsList())
        .extracting(TransactionAttempt::getPurpose)
        .containsExactly(Purpose.PURPOSE_ORIGINAL, Purpose.PURPOSE_SPEED_UP);
    TransactionAttempt first = faster.getAttempts(0);
    TransactionAttempt second = faster.getAttempts(1);
    assertThat(first.getHash()).isEqualTo(faster.getTransactionHash());
    assertThat(HandMinedServer.tenth(first.getMaxFeePerGas()))
        .isLessThanOrEqualTo(new BigInteger(second.getMaxFeePerGas()));
    assertThat(HandMinedServer.tenth(first.getMaxPriorityFeePerGas()))
        .isLessThanOrEqualTo(new BigInteger(second.getMaxPriorityFeePerGas()));
    world().awaitInPool(second.getHash());
    SigningRequest mined = world().mined(asked);
    assertThat(mined.getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(mined.getInclusion().getTransactionHash()).isEqualTo(second.getHash());
    assertThat(mined.getAttemptsList())
        .extracting(TransactionAttempt::getMined)
        .containsExactly(false, true);
    assertThat(world().chain().rpc().balance(payee))
        .as("paid once")
        .isEqualTo(HandMinedServer.AMOUNT);
    assertThat(world().charged(asked))
        .as("the value once, and the gas of the dearer one")
        .isEqualTo(HandMinedServer.AMOUNT.add(HandMinedServer.gas(second)));
    world().assertScopesAreRight();
    assertThat(world().logged(asked))
        .containsExactly(
            "request-admitted",
            "transaction-signed",
            "transaction-broadcast",
            "transaction-replacement-permitted",
            "transaction-signed",
            "transaction-confirmed");
    world().assertNothingIsLost(wallet);
  }

  @Test
  default void aCallThatNamesWhatItReplacesIsIdempotent() {
    SigningRequest asked = world().broadcast(world().wallet(), world().payee());
    var call =
        SpeedUpSigningRequestRequest.newBuilder()
            .setId(asked.getId())
            .setReplaces(asked.getTransactionHash());
    world().desk().signing().speedUpSigningRequest(call.build());
    assertThat(
            world()
                .desk()
                .signing()
                .speedUpSigningRequest(call.build())
                .getRequest()
                .getAttemptsList())
        .hasSize(2);
    assertThat(world().refused(call.setReplaces("0x" + "ab".repeat(32)).build()))
        .contains("has no transaction 0xabab");
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  default void feesOfItsOwnHaveToBeATenthHigherAndBelowTheCaps() {
    SigningRequest asked = world().broadcast(world().wallet(), world().payee());
    TransactionAttempt first = world().get(asked).getAttempts(0);
    var call = SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId());
    assertThat(
            world()
                .refused(
                    call.setMaxFeePerGas(
                            HandMinedServer.tenth(first.getMaxFeePerGas())
                                .subtract(BigInteger.ONE)
                                .toString())
                        .setMaxPriorityFeePerGas(
                            HandMinedServer.tenth(first.getMaxPriorityFeePerGas()).toString())
                        .build()))
        .contains("nodes take a replacement that offers 10 percent more");
    assertThat(world().refused(call.setMaxFeePerGas("900000000001").build()))
        .contains("replacement.maximumFeePerGas is 900000000000");
    assertThat(world().refused(call.setMaxFeePerGas("").build())).contains("one is missing");
    call.setMaxFeePerGas(HandMinedServer.tenth(first.getMaxFeePerGas()).toString());
    assertThat(
            world()
                .desk()
                .signing()
                .speedUpSigningRequest(call.build())
                .getRequest()
                .getAttempts(1)
                .getMaxFeePerGas())
        .isEqualTo(HandMinedServer.tenth(first.getMaxFeePerGas()).toString());
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  default void twoWhoAskAtOnceGetOneReplacement() throws Exception {
    SigningRequest asked = world().broadcast(world().wallet(), world().payee());
    ReplacementPricer pricer = world().pricer();
    CyclicBarrier both = new CyclicBarrier(2);
    ReplacementPricer together =
        (where, account, token, strategy) -> {
          var answer = pricer.ask(where, account, token, strategy);
          try {
            both.await(20, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          return answer;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ReplacementOutcome>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Replacements instance = world().replacements(_ -> {}, together);
        running.add(
            threads.submit(
                () ->
                    instance.speedUp(
                        world().stored(asked),
                        Optional.empty(),
                        Optional.empty(),
                        HandMinedServer.DESK)));
      }
      for (Future<ReplacementOutcome> one : running) {
        assertThat(one.get()).isInstanceOf(ReplacementOutcome.Replaced.class);
      }
    }
    assertThat(world().get(asked).getAttemptsList()).hasSize(2);
    assertThat(
            world().text("SELECT count(*) FROM nonce.replacement WHERE request_id = '%s'", asked))
        .isEqualTo("1");
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  default void whatTheWalletCannotPayIsRefused() {
    String wallet = world().wallet();
    SigningRequest asked = world().broadcast(wallet, world().payee());
    BigInteger needed =
        HandMinedServer.AMOUNT.add(HandMinedServer.gas(world().get(asked).getAttempts(0)));
    world().chain().rpc().setBalance(world().address(wallet), needed);
    assertThat(
            world().refused(SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId()).build()))
        .contains("has " + needed + " wei");
    assertThat(world().get(asked).getAttemptsList()).hasSize(1);
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  default void whatIsStuckIsSpedUpByItself() {
    SigningRequest asked = world().broadcast(world().wallet(), world().payee());
    BigInteger fee = new BigInteger(world().get(asked).getAttempts(0).getMaxFeePerGas());
    world()
        .chain()
        .rpc()
        .call("anvil_setNextBlockBaseFeePerGas", "0x" + fee.multiply(BigInteger.TWO).toString(16));
    world().chain().rpc().mine(1);
    assertThat(world().get(asked).getState()).as("too cheap").isEqualTo(State.STATE_BROADCAST);
    await().until(() -> world().get(asked).getAttemptsCount() > 1);
    SigningRequest faster = world().get(asked);
    await().until(() -> !world().get(asked).getAttempts(1).getHash().isEmpty());
    assertThat(new BigInteger(faster.getAttempts(1).getMaxFeePerGas()))
        .isGreaterThan(fee.multiply(BigInteger.TWO));
    world().awaitInPool(world().get(asked).getAttempts(1).getHash());
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(world().logged(asked)).contains("transaction-replacement-permitted");
    world().chain().rpc().call("anvil_setNextBlockBaseFeePerGas", "0x3b9aca00");
    world().chain().rpc().mine(1);
  }
}
