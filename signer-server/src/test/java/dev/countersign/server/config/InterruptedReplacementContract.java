package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.api.v1.TransactionAttempt;
import dev.countersign.api.v1.TransactionAttempt.Purpose;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.pipeline.ReplacementOutcome;
import dev.countersign.core.pipeline.Replacements;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.pipeline.Submission;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
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

  /// Whoever stole its client could otherwise only be waited for: it would be signed after the
  /// thaw.
  @Test
  default void whatAFreezeKeepsFromBeingSignedIsWithdrawnAndGivesItsNonceBack() {
    String wallet = world().wallet();
    SigningPipeline overtaken = world().pipeline(_ -> world().freeze(wallet));
    overtaken.submit(
        new Submission(
            new IdempotencyKey(new ClientId("desk"), "kept-" + wallet),
            new RequestContent(
                new WalletId(wallet),
                ChainId.ofEip155(world().chain().chainId()),
                new Intent.NativeTransfer(
                    Address.parse(world().payee()), new Wei(HandMinedServer.AMOUNT)),
                Optional.empty()),
            HandMinedServer.DESK,
            Optional.empty()));
    SigningRequest kept = world().named("kept-" + wallet);
    assertThat(kept.getState()).isEqualTo(State.STATE_ADMITTED);

    assertThat(world().cancel(kept).getState()).isEqualTo(State.STATE_CANCELLED);
    assertThat(world().cancel(kept).getState()).as("again").isEqualTo(State.STATE_CANCELLED);
    assertThat(world().logged(kept)).containsExactly("request-admitted", "request-withdrawn");
    assertThat(world().text("SELECT count(*) FROM nonce.transaction WHERE request_id = '%s'", kept))
        .isEqualTo("0");
    assertThat(
            world()
                .text(
                    "SELECT count(*) FROM policy.reservation WHERE NOT released AND request = '%s'",
                    kept))
        .isEqualTo("0");
    assertThat(
            world()
                .text(
                    "SELECT free::text FROM nonce.lane WHERE address = '%s'"
                        .formatted(Address.parse(world().account(wallet)).hex())))
        .isEqualTo("{0}");
    world().assertScopesAreRight();
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
