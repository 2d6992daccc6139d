package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.MarketFees;
import dev.countersign.api.v1.MarketFees.Strategy;
import dev.countersign.api.v1.SignTransactionRequest;
import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
import dev.countersign.api.v1.TransactionAttempt;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Transactions whose fees are found by a strategy and never above a cap.
interface CappedFeeContract {
  BigInteger GWEI = BigInteger.TEN.pow(9);
  BigInteger CAP = GWEI.multiply(BigInteger.valueOf(100));
  BigInteger TRANSFER_GAS = BigInteger.valueOf(21_000);

  /// What they share.
  HandMinedServer world();

  @Test
  default void aStrategyIsSpedUpWithinItsCapWhichIsAllThatIsCharged() {
    SigningRequest asked =
        world().broadcast(world().wallet(), world().payee(), fees(Strategy.STRATEGY_ECONOMY, CAP));
    TransactionAttempt first = world().get(asked).getAttempts(0);
    BigInteger fee = new BigInteger(first.getMaxFeePerGas());
    assertThat(asked.getMarketFees()).isEqualTo(fees(Strategy.STRATEGY_ECONOMY, CAP));
    assertThat(fee).as("what the market takes").isLessThan(CAP);
    assertThat(world().charged(asked))
        .isEqualTo(HandMinedServer.AMOUNT.add(CAP.multiply(TRANSFER_GAS)));
    baseFee(fee.multiply(BigInteger.TWO));
    await().until(() -> world().get(asked).getAttemptsCount() > 1);
    await().until(() -> !world().get(asked).getAttempts(1).getHash().isEmpty());
    TransactionAttempt second = world().get(asked).getAttempts(1);
    assertThat(new BigInteger(second.getMaxFeePerGas()))
        .isGreaterThanOrEqualTo(HandMinedServer.tenth(first.getMaxFeePerGas()))
        .isLessThanOrEqualTo(CAP);
    world().awaitInPool(second.getHash());
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(world().charged(asked))
        .as("the cap was charged from the start")
        .isEqualTo(HandMinedServer.AMOUNT.add(CAP.multiply(TRANSFER_GAS)));
    world().assertScopesAreRight();
    baseFee(GWEI);
  }

  @Test
  default void nothingIsSpedUpAboveTheCapOfItsRequestButItCanBeCancelled() {
    SigningRequest asked =
        world()
            .broadcast(world().wallet(), world().payee(), fees(Strategy.STRATEGY_FIXED_CAP, CAP));
    assertThat(world().get(asked).getAttempts(0).getMaxFeePerGas()).isEqualTo(CAP.toString());
    assertThat(
            world().refused(SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId()).build()))
        .contains("the request caps it at " + CAP);
    SigningRequest cancelled = world().cancel(asked);
    assertThat(new BigInteger(cancelled.getAttempts(1).getMaxFeePerGas())).isGreaterThan(CAP);
    world().awaitInPool(cancelled.getAttempts(1).getHash());
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CANCELLED);
  }

  @Test
  default void aMarketAboveTheCapIsARefusalUntilItFalls() {
    baseFee(CAP.multiply(BigInteger.TWO));
    SignTransactionRequest capped =
        world().payment(world().wallet(), world().payee(), fees(Strategy.STRATEGY_URGENT, CAP));
    SignTransactionRequest dryRun = capped.toBuilder().setValidateOnly(true).build();
    // Prices are kept for a second.
    await().until(() -> refusal(dryRun) != null);
    StatusRuntimeException refused = Objects.requireNonNull(refusal(capped));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refused.getStatus().getDescription())
        .contains("wei per gas or more now")
        .contains("capped at " + CAP);
    baseFee(GWEI);
    await()
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> world().desk().signing().signTransaction(capped).hasRequest());
    SigningRequest asked = world().desk().signing().signTransaction(capped).getRequest();
    assertThat(asked.getState()).isIn(State.STATE_SIGNED, State.STATE_BROADCAST);
    assertThat(new BigInteger(asked.getAttempts(0).getMaxFeePerGas())).isLessThanOrEqualTo(CAP);
    world().awaitInPool(asked.getTransactionHash());
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  private @Nullable StatusRuntimeException refusal(SignTransactionRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> world().desk().signing().signTransaction(request));
  }

  private static MarketFees fees(Strategy strategy, BigInteger cap) {
    return MarketFees.newBuilder().setStrategy(strategy).setMaxFeePerGas(cap.toString()).build();
  }

  private void baseFee(BigInteger wei) {
    world().chain().rpc().call("anvil_setNextBlockBaseFeePerGas", "0x" + wei.toString(16));
    world().chain().rpc().mine(1);
  }
}
