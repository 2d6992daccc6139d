package dev.countersign.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.Refusal;
import dev.countersign.core.request.RequestContent;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SubmitAllTest {
  private final MemoryRequests requests = new MemoryRequests();
  private final MemoryLimitsAndNonces ledgers = new MemoryLimitsAndNonces();
  private final SigningPipeline pipeline =
      new SigningPipeline(
          new PipelineParts(
              requests,
              requests,
              SubmitAllTest::wallet,
              new NoChains(),
              questions -> List.of(),
              ledgers,
              new MemoryFreezes(),
              ledgers,
              new NoBackends(),
              (transaction, records) -> {},
              () -> {},
              () -> AdmittedRequests.NOON,
              new Random(1)),
          SigningPipeline.Limits.DEFAULT,
          PipelineObserver.NONE);

  /// What became of the others is told, whatever happens to one: they may be signed.
  @Test
  void oneThatFailsTakesNoOthersAnswerWithIt() {
    List<SubmitOutcome> outcomes =
        pipeline.submitAll(List.of(submission("none"), submission("broken"), submission("none")));
    assertThat(outcomes)
        .extracting(outcome -> ((SubmitOutcome.Refused) outcome).refusal().code())
        .containsExactly(
            Refusal.Code.UNKNOWN_WALLET, Refusal.Code.UNAVAILABLE, Refusal.Code.UNKNOWN_WALLET);
    assertThat(((SubmitOutcome.Refused) outcomes.get(1)).refusal().isRetryable()).isTrue();
  }

  private static Optional<Wallet> wallet(WalletId id) {
    if (id.value().equals("broken")) {
      throw new IllegalStateException("a bug");
    }
    return Optional.empty();
  }

  private static Submission submission(String wallet) {
    return new Submission(
        new IdempotencyKey(new ClientId("desk"), wallet),
        new RequestContent(
            new WalletId(wallet),
            ChainId.ofEip155(1),
            new Intent.NativeTransfer(new Address("0x" + "bb".repeat(20)), Wei.of(1)),
            Optional.empty()),
        Actor.system("test"),
        Optional.empty());
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
