package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.SpeedUpSigningRequestRequest;
import dev.countersign.api.v1.TransactionAttempt.Purpose;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/// Transactions whose nonce is used for nothing.
interface CancellationContract {
  /// What they share.
  HandMinedServer world();

  @Test
  default void aCancellationIsMinedAndNothingIsPaid() {
    String wallet = world().wallet();
    world().chain().rpc().mine(1);
    await()
        .until(
            () ->
                world()
                    .texts("SELECT amount FROM vault.balance WHERE wallet = '%s'".formatted(wallet))
                    .contains(HandMinedServer.ETHER.multiply(BigInteger.TEN).toString()));
    String payee = world().payee();
    SigningRequest asked = world().broadcast(wallet, payee);

    SigningRequest cancelling = world().cancel(asked);
    assertThat(cancelling.getState()).isEqualTo(State.STATE_BROADCAST);
    assertThat(cancelling.getAttempts(1).getPurpose()).isEqualTo(Purpose.PURPOSE_CANCELLATION);
    assertThat(world().cancel(asked).getAttemptsList()).as("asked for again").hasSize(2);
    world().awaitInPool(cancelling.getAttempts(1).getHash());

    SigningRequest faster = world().speedUp(asked);
    assertThat(faster.getAttempts(2).getPurpose())
        .as("what is cancelled is not brought back")
        .isEqualTo(Purpose.PURPOSE_CANCELLATION);
    world().awaitInPool(faster.getAttempts(2).getHash());

    SigningRequest mined = world().mined(asked);
    assertThat(mined.getState()).isEqualTo(State.STATE_CANCELLED);
    assertThat(mined.getFailure()).startsWith("cancelled on chain");
    assertThat(mined.getInclusion().getTransactionHash())
        .isEqualTo(faster.getAttempts(2).getHash());
    assertThat(world().chain().rpc().balance(payee)).isEqualTo(BigInteger.ZERO);
    world().assertItsBalanceIsExplained(wallet);
    assertThat(world().logged(asked)).endsWith("transaction-signed", "transaction-confirmed");
    assertThat(
            world().refused(SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId()).build()))
        .contains("CANCELLED");
    assertThat(world().cancel(asked).getState()).isEqualTo(State.STATE_CANCELLED);
    world().assertScopesAreRight();
    world().assertNothingIsLost(wallet);
  }

  @Test
  default void theOriginalMayWinOverItsCancellation() {
    String payee = world().payee();
    SigningRequest asked = world().broadcast(world().wallet(), payee);
    String cancellation = world().cancel(asked).getAttempts(1).getHash();
    world().awaitInPool(cancellation);
    world().awaitTaken(asked);
    world().chain().rpc().call("anvil_dropTransaction", cancellation);
    world().chain().rpc().call("eth_sendRawTransaction", world().raw(asked));
    SigningRequest mined = world().mined(asked);
    assertThat(mined.getState()).isEqualTo(State.STATE_CONFIRMED);
    assertThat(mined.getInclusion().getTransactionHash()).isEqualTo(asked.getTransactionHash());
    assertThat(world().chain().rpc().balance(payee)).isEqualTo(HandMinedServer.AMOUNT);
  }

  @Test
  default void whatIsFrozenIsNeitherSpedUpNorCancelled() {
    String wallet = world().wallet();
    SigningRequest asked = world().broadcast(wallet, world().payee());
    world().freeze(wallet);
    assertThat(
            world().refused(SpeedUpSigningRequestRequest.newBuilder().setId(asked.getId()).build()))
        .contains("frozen");
    assertThat(
            catchThrowableOfType(StatusRuntimeException.class, () -> world().cancel(asked))
                .getStatus())
        .satisfies(
            status -> {
              assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(status.getDescription()).contains("frozen");
            });
    assertThat(world().get(asked).getAttemptsList()).hasSize(1);
    assertThat(world().logged(asked)).contains("transaction-replacement-denied");
    assertThat(world().mined(asked).getState())
        .as("what was sent is sent")
        .isEqualTo(State.STATE_CONFIRMED);
  }
}
