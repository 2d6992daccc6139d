package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.TransactionAttempt;
import dev.countersign.api.v1.TransactionAttempt.Purpose;
import dev.countersign.core.pipeline.ReplacementOutcome;
import dev.countersign.core.pipeline.Replacements;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Replacements that a crash, a freeze, or a block comes in between.
interface InterruptedReplacementContract {
  /// What they share.
  HandMinedServer world();

  @Test
  default void whatIsMinedWhileItsReplacementIsSignedStaysWhatItIs() {
    String wallet = world().wallet();
    SigningRequest asked = world().broadcast(wallet, world().payee());
    Replacements slow =
        world()
            .replacements(
                permits -> {
                  world().chain().rpc().mine(1);
                  await().until(() -> world().get(asked).getState() == State.STATE_CONFIRMED);
                },
                world().pricer());
    assertThat(
            slow.speedUp(
                world().stored(asked), Optional.empty(), Optional.empty(), HandMinedServer.DESK))
        .isInstanceOf(ReplacementOutcome.Replaced.class);
    assertThat(world().get(asked).getAttemptsList()).hasSize(1);
    assertThat(
            world()
                .text("SELECT drop_reason FROM nonce.replacement WHERE request_id = '%s'", asked))
        .isEqualTo("the nonce was mined before it was signed");
    assertThat(world().charged(asked))
        .isEqualTo(
            HandMinedServer.AMOUNT.add(HandMinedServer.gas(world().get(asked).getAttempts(0))));
    assertThat(world().logged(asked)).contains("transaction-replacement-dropped");
    world().assertScopesAreRight();
    world().assertNothingIsLost(wallet);
  }

  @Test
  default void aCrashAfterThePermitIsResumedWithThatVeryPayload() {
    SigningRequest asked = world().broadcast(world().wallet(), world().payee());
    Replacements dying =
        world()
            .replacements(
                _ -> {
                  throw new SteppingKeys.CrashException();
                },
                world().pricer());
    assertThatThrownBy(
            () ->
                dying.speedUp(
                    world().stored(asked),
                    Optional.empty(),
                    Optional.empty(),
                    HandMinedServer.DESK))
        .isInstanceOf(SteppingKeys.CrashException.class);
    assertThat(world().get(asked).getAttempts(1).getHash()).isEmpty();
    assertThat(world().speedUp(asked).getAttemptsList()).as("while it is signed").hasSize(2);
    await().until(() -> !world().get(asked).getAttempts(1).getHash().isEmpty());
    assertThat(world().get(asked).getAttemptsList()).hasSize(2);
    world().awaitInPool(world().get(asked).getAttempts(1).getHash());
    assertThat(world().mined(asked).getInclusion().getTransactionHash())
        .isEqualTo(world().get(asked).getAttempts(1).getHash());
  }

  @Test
  default void aPermitWhoseNonceIsMinedMeanwhileIsGivenUp() {
    String wallet = world().wallet();
    SigningRequest asked = world().broadcast(wallet, world().payee());
    Replacements dying =
        world()
            .replacements(
                _ -> {
                  throw new SteppingKeys.CrashException();
                },
                world().pricer());
    assertThatThrownBy(() -> dying.cancel(world().stored(asked), HandMinedServer.DESK))
        .isInstanceOf(SteppingKeys.CrashException.class);
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
    await().until(() -> world().get(asked).getAttemptsCount() == 1);
    assertThat(
            world()
                .text("SELECT drop_reason FROM nonce.replacement WHERE request_id = '%s'", asked))
        .isEqualTo("the nonce was mined before it was signed");
    assertThat(world().charged(asked))
        .isEqualTo(
            HandMinedServer.AMOUNT.add(HandMinedServer.gas(world().get(asked).getAttempts(0))));
    world().assertNothingIsLost(wallet);
  }

  @Test
  default void whatIsFrozenBeforeItsSignatureIsDurableStaysUnsigned() {
    String wallet = world().wallet();
    SigningRequest asked = world().broadcast(wallet, world().payee());
    Replacements overtaken = world().replacements(_ -> world().freeze(wallet), world().pricer());
    assertThat(overtaken.cancel(world().stored(asked), HandMinedServer.DESK))
        .isInstanceOf(ReplacementOutcome.Replaced.class);
    assertThat(world().get(asked).getAttempts(1).getHash()).isEmpty();
    assertThat(world().logged(asked)).endsWith("transaction-replacement-permitted");
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CONFIRMED);
  }

  @Test
  default void aCrashAfterTheSignatureLeavesOnePayloadMore() {
    SigningRequest asked = world().broadcast(world().wallet(), world().payee());
    Replacements dying =
        world()
            .replacements(
                permits -> {
                  var backend = world().server().part(KeyBackends.class).all().getFirst();
                  assertThat(backend.sign(permits).getFirst())
                      .isInstanceOf(KeyBackend.SigningOutcome.Signed.class);
                  throw new SteppingKeys.CrashException();
                },
                world().pricer());
    assertThatThrownBy(() -> dying.cancel(world().stored(asked), HandMinedServer.DESK))
        .isInstanceOf(SteppingKeys.CrashException.class);
    await().until(() -> !world().get(asked).getAttempts(1).getHash().isEmpty());
    assertThat(world().get(asked).getAttemptsList())
        .extracting(TransactionAttempt::getPurpose)
        .containsExactly(Purpose.PURPOSE_ORIGINAL, Purpose.PURPOSE_CANCELLATION);
    world().awaitInPool(world().get(asked).getAttempts(1).getHash());
    assertThat(world().mined(asked).getState()).isEqualTo(State.STATE_CANCELLED);
  }
}
