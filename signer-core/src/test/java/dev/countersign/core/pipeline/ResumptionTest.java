package dev.countersign.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.ChainDirectory;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResumptionTest {
  private static final Actor BY = Actor.system("a client");

  private final MemoryRequests requests = new MemoryRequests();
  private final MemoryLimitsAndNonces ledgers = new MemoryLimitsAndNonces();
  private final MemoryFreezes freezes = new MemoryFreezes();
  private final List<AuditRecord> records = new ArrayList<>();
  private final Backend hung = new Backend("hung");
  private final Backend healthy = new Backend("healthy");
  private final PipelineParts parts =
      new PipelineParts(
          requests,
          requests,
          (WalletId id) -> Optional.of(AdmittedRequests.wallet(id)),
          new NoChains(),
          questions -> List.of(),
          ledgers,
          freezes,
          ledgers,
          new Backends(),
          (transaction, more) -> records.addAll(more),
          () -> {},
          () -> AdmittedRequests.NOON,
          new Random(1));
  private final SigningPipeline pipeline =
      new SigningPipeline(parts, SigningPipeline.Limits.DEFAULT, PipelineObserver.NONE);
  private final Resumption resumption = new Resumption(pipeline, parts);

  @Test
  void aTokenThatHangsKeepsNoOtherWaiting() {
    healthy.answers.countDown();
    SigningRequest waits = AdmittedRequests.of("hung", 1);
    SigningRequest first = AdmittedRequests.of("healthy", 2);
    SigningRequest second = AdmittedRequests.of("healthy", 3);
    requests.add(waits);
    requests.add(first);

    assertThat(resumption.run()).isEqualTo(1);
    requests.add(second);
    assertThat(resumption.run()).isEqualTo(1);

    assertThat(requests.state(first.id())).isEqualTo(RequestState.FAILED);
    assertThat(requests.state(second.id())).isEqualTo(RequestState.FAILED);
    assertThat(requests.state(waits.id())).isEqualTo(RequestState.ADMITTED);
    assertThat(hung.asked).as("it is in hand").hasValue(1);

    hung.answers.countDown();
    while (requests.state(waits.id()) == RequestState.ADMITTED) {
      Thread.onSpinWait();
    }
    assertThat(pipeline.inHand()).doesNotContain(first.id(), second.id());
  }

  @Test
  void leavesToALiveSignerWhatItHasInHand() throws InterruptedException {
    SigningRequest request = AdmittedRequests.of("hung", 1);
    requests.add(request);
    var wallet = AdmittedRequests.wallet(new WalletId("hung"));
    Permit permit =
        ledgers.permit(
            new PolicyEngine.Admitted(
                request.id(), wallet, request.admission().orElseThrow().payload()));
    Thread live = Thread.ofVirtual().start(() -> pipeline.finish(request, wallet, permit));
    while (hung.asked.get() == 0) {
      Thread.onSpinWait();
    }

    assertThat(resumption.run()).isZero();

    hung.answers.countDown();
    live.join();
    assertThat(hung.asked).hasValue(1);
    assertThat(requests.state(request.id())).isEqualTo(RequestState.FAILED);
    assertThat(pipeline.inHand()).isEmpty();
  }

  @Test
  void whatIsWithdrawnWhileItIsFrozenIsNeverSigned() {
    SigningRequest request = AdmittedRequests.of("healthy", 1);
    requests.add(request);
    healthy.answers.countDown();
    freezes.freeze("vault:treasury");
    assertThat(resumption.run()).isZero();

    var held = new HeldRequests(pipeline, parts);
    assertThat(held.withdraw(request.id(), BY).map(SigningRequest::state))
        .hasValue(RequestState.CANCELLED);
    assertThat(ledgers.released).containsExactly(request.id());
    assertThat(records).singleElement().extracting(AuditRecord::actor).isEqualTo(BY);
    freezes.thaw();
    assertThat(resumption.run()).isZero();
    assertThat(healthy.asked).as("the key was not used").hasValue(0);

    assertThat(late(request)).as("a signature that comes late").isEqualTo(RequestState.CANCELLED);
    assertThat(ledgers.signed).isEmpty();
    assertThat(records).hasSize(1);
  }

  @Test
  void whatIsSignedIsNotWithdrawn() {
    SigningRequest request = AdmittedRequests.of("healthy", 1);
    requests.add(request);
    assertThat(late(request)).isEqualTo(RequestState.SIGNED);
    assertThat(new HeldRequests(pipeline, parts).withdraw(request.id(), BY))
        .map(SigningRequest::state)
        .hasValue(RequestState.SIGNED);
    assertThat(ledgers.released).isEmpty();
  }

  private RequestState late(SigningRequest request) {
    var signed = new SignedTransaction(Bytes.fromHex("0x02c101"));
    var wallet = AdmittedRequests.wallet(new WalletId("healthy"));
    return new Settlement(
            requests, requests, ledgers, freezes, ledgers, parts.audit(), parts.clock())
        .settle(List.of(new Settlement.Result.Signed(request, wallet, signed)))
        .getFirst()
        .state();
  }

  @Test
  void whatIsFrozenStaysAdmittedAndGoesOnAfterTheThaw() {
    healthy.answers.countDown();
    SigningRequest request = AdmittedRequests.of("healthy", 1);
    requests.add(request);

    freezes.freeze("vault:treasury");
    assertThat(resumption.run()).isZero();
    freezes.losesSight();
    assertThat(resumption.run()).isZero();
    assertThat(healthy.asked).as("the key was not used").hasValue(0);
    assertThat(requests.state(request.id())).isEqualTo(RequestState.ADMITTED);

    freezes.freeze("wallet:another");
    assertThat(resumption.run()).isEqualTo(1);
    assertThat(healthy.asked).hasValue(1);
  }

  /// Refuses whatever it is asked, once it may answer.
  private static final class Backend implements KeyBackend {
    final CountDownLatch answers = new CountDownLatch(1);
    final AtomicInteger asked = new AtomicInteger();
    private final String name;

    Backend(String name) {
      this.name = name;
    }

    @Override
    public BackendName name() {
      return new BackendName(name);
    }

    @Override
    public List<SigningOutcome> sign(List<Permit> permits) {
      asked.incrementAndGet();
      try {
        answers.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return List.of(new SigningOutcome.Refused("not today"));
    }

    @Override
    public BackendKey createKey(KeyId key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<BackendKey> find(KeyId key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<BackendKey> listKeys() {
      throw new UnsupportedOperationException();
    }
  }

  private final class Backends implements KeyBackends {
    @Override
    public Optional<KeyBackend> find(BackendName name) {
      return all().stream().filter(backend -> backend.name().equals(name)).findFirst();
    }

    @Override
    public List<KeyBackend> all() {
      return List.of(hung, healthy);
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
