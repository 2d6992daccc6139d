package dev.countersign.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PermitInspector;
import dev.countersign.core.evm.Secp256k1Curve;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.port.KeyBackend.BackendKey;
import dev.countersign.core.port.KeyBackend.SigningOutcome;
import dev.countersign.core.port.KeyBackendContract;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.RemoteToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/// The contract on a token behind a server, and what happens while that server is gone. The limit
/// is for calls into the library that never return: those no test can end.
@WithTestEnvironment
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class LostTokenIT extends KeyBackendContract {
  private static final Duration AT_ONCE = Duration.ofSeconds(2);
  private static final Duration BACK_WITHIN = Duration.ofSeconds(20);
  private static final int CALLERS = 4;

  /// One call at a time: p11-kit 0.24's client can leave several in it waiting for ever when the
  /// connection breaks. Its server takes them one after the other anyway.
  private static final int PARALLELISM = 1;

  private final RemoteToken token;

  LostTokenIT(RemoteToken token) {
    this.token = token;
  }

  @Override
  protected Pkcs11KeyBackend open(PermitInspector inspector) {
    return Pkcs11KeyBackend.open(
        new Pkcs11Config(
            new BackendName("remote"), token.module(), token.label(), token.pinFile(), PARALLELISM),
        inspector);
  }

  @BeforeEach
  void thereIsAToken() {
    token.start();
    awaitBack();
  }

  @Test
  void saysAtOnceThatTheTokenIsGoneAndSignsAgainWhenItIsBack() {
    BackendKey key = backend().createKey(newName());
    assertSigned(sign(key, "before"), key, "before");

    token.kill();

    awaitGone(key);
    for (int call = 0; call < 20; call++) {
      long began = System.nanoTime();
      assertThat(sign(key, "meanwhile")).isInstanceOf(SigningOutcome.Unavailable.class);
      assertThatThrownBy(() -> backend().find(newName()))
          .isInstanceOfSatisfying(
              KeyBackendException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(e).hasMessageContaining(token.label());
              });
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(AT_ONCE);
    }
    assertThat(connected().unavailability()).isPresent();

    token.start();

    awaitBack();
    assertSigned(sign(key, "after"), key, "after");
    assertThat(backend().find(key.id())).contains(key);
    assertThat(backend().listKeys()).contains(key);
  }

  @Test
  void getsOverALossThatNobodyNoticed() {
    BackendKey key = backend().createKey(newName());

    token.kill();
    token.start();

    awaitGone(key);
    awaitBack();
    assertSigned(sign(key, "and on"), key, "and on");
  }

  @Test
  void getsOverManyLosses() {
    List<BackendKey> keys = List.of(backend().createKey(newName()), backend().createKey(newName()));
    for (int loss = 0; loss < 3; loss++) {
      token.kill();
      awaitGone(keys.getFirst());
      token.start();
      awaitBack();
      for (BackendKey key : keys) {
        assertSigned(sign(key, "loss " + loss), key, "loss " + loss);
      }
    }
  }

  @Test
  void everyCallerAtWorkGetsAGoodSignatureOrUnavailable() {
    BackendKey key = backend().createKey(newName());
    CountDownLatch atWork = new CountDownLatch(CALLERS);
    AtomicBoolean enough = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      List<CompletableFuture<List<SigningOutcome>>> callers =
          IntStream.range(0, CALLERS)
              .mapToObj(
                  i -> CompletableFuture.supplyAsync(() -> signOn(key, atWork, enough), threads))
              .toList();
      try {
        await().until(() -> atWork.getCount() == 0);
        token.kill();
        await().atMost(AT_ONCE).until(() -> connected().unavailability().isPresent());
        token.start();
        awaitBack();
      } finally {
        enough.set(true);
      }
      for (CompletableFuture<List<SigningOutcome>> caller : callers) {
        List<SigningOutcome> outcomes = caller.join();
        assertThat(outcomes).hasAtLeastOneElementOfType(SigningOutcome.Unavailable.class);
        outcomes.removeIf(SigningOutcome.Unavailable.class::isInstance);
        assertThat(outcomes).allSatisfy(outcome -> assertSigned(outcome, key, "busy"));
      }
    }
  }

  /// Signs until it is `enough`, and once more.
  private List<SigningOutcome> signOn(BackendKey key, CountDownLatch atWork, AtomicBoolean enough) {
    List<SigningOutcome> outcomes = new ArrayList<>();
    outcomes.add(sign(key, "busy"));
    atWork.countDown();
    boolean last;
    do {
      last = enough.get();
      outcomes.add(sign(key, "busy"));
    } while (!last);
    assertSigned(outcomes.getFirst(), key, "busy");
    assertSigned(outcomes.getLast(), key, "busy");
    return outcomes;
  }

  private SigningOutcome sign(BackendKey key, String payload) {
    return backend().sign(List.of(permit(key.id(), payload))).getFirst();
  }

  private Pkcs11KeyBackend connected() {
    return (Pkcs11KeyBackend) backend();
  }

  private void awaitGone(BackendKey key) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(AT_ONCE)
        .until(() -> sign(key, "gone?") instanceof SigningOutcome.Unavailable);
  }

  private void awaitBack() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .atMost(BACK_WITHIN)
        .until(() -> connected().unavailability().isEmpty());
  }

  private void assertSigned(SigningOutcome outcome, BackendKey key, String payload) {
    Permit permit = permit(key.id(), payload);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            SigningOutcome.Signed.class,
            signed ->
                assertThat(
                        Secp256k1Curve.verifies(
                            permit.signingDigest(), signed.signature(), key.publicKey()))
                    .isTrue());
  }
}
