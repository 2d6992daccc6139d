package dev.countersign.core.pipeline;

import dev.countersign.core.decision.Permit;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.PolicyEngine;
import dev.countersign.core.port.RequestLedger;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.port.WalletDirectory;
import dev.countersign.core.request.RequestState;
import dev.countersign.core.request.SigningRequest;
import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes on with requests that were admitted and not signed, because their instance died or their
/// key was out of reach. Run it every second or so, on every instance.
///
/// What a live signer of this process has in hand is left to it. A token that hangs keeps its own
/// requests waiting and no others: they go on by themselves, and are in hand until they are done.
public final class Resumption {
  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  /// How long a run waits for what it began.
  private static final Duration ROUND = Duration.ofSeconds(2);

  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final int AT_ONCE = 256;

  private final SigningPipeline pipeline;
  private final UnitOfWork unitOfWork;
  private final RequestLedger requests;
  private final WalletDirectory wallets;
  private final PolicyEngine policy;
  private final InstantSource clock;

  public Resumption(SigningPipeline pipeline, PipelineParts parts) {
    this.pipeline = pipeline;
    this.unitOfWork = parts.unitOfWork();
    this.requests = parts.requests();
    this.wallets = parts.wallets();
    this.policy = parts.policy();
    this.clock = parts.clock();
  }

  /// @return how many requests it signed or failed in time; what is not finished goes on, and what
  /// could not be finished is tried next time
  public int run() {
    Instant untouchedSince = clock.instant().minus(PATIENCE);
    List<SigningRequest> claimed =
        unitOfWork.inTransaction(
            transaction ->
                requests.claim(
                    transaction,
                    RequestState.ADMITTED,
                    untouchedSince,
                    pipeline.inHand(),
                    LEASE,
                    AT_ONCE));
    List<Stranded> stranded = claimed.stream().map(this::withWallet).toList();
    PolicyEngine.Reissue reissue = reissue(stranded);
    if (!reissue.untrusted().isEmpty()) {
      LOG.error(
          "ALARM: the decisions stored for {} admitted requests are not sealed by the permit key."
              + " Somebody else wrote them, or this instance has another key. Nothing of them is"
              + " signed, and they stay as they are: {}",
          reissue.untrusted().size(),
          reissue.untrusted());
    }
    Map<SigningRequestId, Permit> permits =
        reissue.permits().stream()
            .collect(Collectors.toMap(permit -> permit.terms().request(), Function.identity()));
    List<Future<SigningRequest>> begun =
        stranded.stream()
            .filter(one -> !reissue.untrusted().contains(one.request().id()))
            .map(one -> begin(one, Optional.ofNullable(permits.get(one.request().id()))))
            .toList();
    long until = System.nanoTime() + ROUND.toNanos();
    return (int) begun.stream().filter(one -> moved(one, until)).count();
  }

  private Future<SigningRequest> begin(Stranded stranded, Optional<Permit> permit) {
    FutureTask<SigningRequest> task = new FutureTask<>(() -> finish(stranded, permit));
    Thread.ofVirtual().name("resume").start(task);
    return task;
  }

  /// @param wallet nothing when the wallet is gone
  private record Stranded(SigningRequest request, Optional<Wallet> wallet) {

    Optional<PolicyEngine.Admitted> admitted() {
      return wallet.map(
          owner ->
              new PolicyEngine.Admitted(
                  request.id(), owner, request.admission().orElseThrow().payload()));
    }
  }

  private Stranded withWallet(SigningRequest request) {
    return new Stranded(request, wallets.find(request.content().wallet()));
  }

  private PolicyEngine.Reissue reissue(List<Stranded> stranded) {
    List<PolicyEngine.Admitted> admitted =
        stranded.stream().flatMap(one -> one.admitted().stream()).toList();
    return admitted.isEmpty()
        ? new PolicyEngine.Reissue(List.of(), Set.of())
        : unitOfWork.inTransaction(transaction -> policy.reissue(transaction, admitted));
  }

  private SigningRequest finish(Stranded stranded, Optional<Permit> permit) {
    SigningRequest request = stranded.request();
    SigningRequest now =
        stranded.wallet().isPresent() && permit.isPresent()
            ? pipeline.finish(request, stranded.wallet().get(), permit.get()).request()
            : pipeline.fail(request, "no stored decision allows this payload");
    if (now.state() != RequestState.ADMITTED) {
      LOG.info("resumed request {}: now {}", request.id(), now.state());
    }
    return now;
  }

  private static boolean moved(Future<SigningRequest> begun, long until) {
    try {
      return begun.get(until - System.nanoTime(), TimeUnit.NANOSECONDS).state()
          != RequestState.ADMITTED;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      LOG.warn("a stranded request could not be resumed, and will be tried again", e.getCause());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
