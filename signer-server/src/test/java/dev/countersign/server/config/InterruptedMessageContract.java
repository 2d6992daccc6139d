package dev.countersign.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.api.v1.SigningRequest.State;
import dev.countersign.core.evm.RecoverableSignature;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.pipeline.SigningPipeline;
import dev.countersign.core.pipeline.Submission;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/// Messages whose signature a crash or a freeze comes before.
interface InterruptedMessageContract {
  byte[] TEXT = "log in".getBytes(StandardCharsets.UTF_8);

  /// What they share.
  HandMinedServer world();

  @Test
  default void aMessageWhoseInstanceDiesBeforeItsSignatureIsSignedByAnother() throws Exception {
    String wallet = world().wallet();
    SigningPipeline dying =
        world()
            .pipeline(
                _ -> {
                  throw new SteppingKeys.CrashException();
                });
    assertThatThrownBy(() -> dying.submit(message(wallet, "crashed")))
        .isInstanceOf(SteppingKeys.CrashException.class);
    assertThat(world().named("crashed").getState()).isEqualTo(State.STATE_ADMITTED);

    await().until(() -> world().named("crashed").getState() == State.STATE_SIGNED);
    SigningRequest signed = world().named("crashed");
    byte[] all = signed.getSignature().toByteArray();
    assertThat(all).hasSize(RecoverableSignature.SIZE);
    var signature =
        new Sign.SignatureData(all[64], Arrays.copyOf(all, 32), Arrays.copyOfRange(all, 32, 64));
    assertThat(
            Keys.toChecksumAddress(
                "0x" + Keys.getAddress(Sign.signedPrefixedMessageToKey(TEXT, signature))))
        .isEqualTo(world().account(wallet));
    assertThat(world().logged(signed)).containsExactly("message-admitted", "message-signed");
  }

  @Test
  default void aFreezeThatOvertakesTheSignatureOfAMessageKeepsIt() {
    String wallet = world().wallet();
    AtomicInteger signatures = new AtomicInteger();
    SigningPipeline overtaken =
        world()
            .pipeline(
                _ -> {
                  world().freeze(wallet);
                  signatures.incrementAndGet();
                });
    overtaken.submit(message(wallet, "overtaken"));

    assertThat(signatures).as("the key was used").hasValue(1);
    SigningRequest kept = world().named("overtaken");
    assertThat(kept.getState()).isEqualTo(State.STATE_ADMITTED);
    assertThat(kept.getSignature()).isEmpty();
    assertThat(world().logged(kept)).containsExactly("message-admitted");
    assertThat(
            world()
                .text(
                    "SELECT count(*) FROM signer.request WHERE signature IS NOT NULL AND id = '%s'",
                    kept))
        .isEqualTo("0");

    assertThat(world().cancel(kept).getState()).as("withdrawn").isEqualTo(State.STATE_CANCELLED);
    assertThat(world().logged(kept)).containsExactly("message-admitted", "request-withdrawn");
  }

  private Submission message(String wallet, String name) {
    return new Submission(
        new IdempotencyKey(new ClientId("desk"), name),
        RequestContent.ofMessage(
            new WalletId(wallet),
            ChainId.ofEip155(world().chain().chainId()),
            new Intent.PersonalMessage(Bytes.of(TEXT))),
        HandMinedServer.DESK,
        Optional.empty());
  }
}
