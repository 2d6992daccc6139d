package dev.countersign.hsm.pkcs11;

import dev.countersign.core.port.KeyBackendException;
import dev.countersign.core.port.KeyBackendException.Kind;
import dev.countersign.hsm.pkcs11.ReturnValue.Remedy;
import io.github.resilience4j.core.IntervalFunction;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a login to one token. When it is lost, whoever asks meanwhile is told so at once, and a
/// thread of its own tries to get it back: soon at first, then every two seconds or so.
final class TokenConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenConnection.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final IntervalFunction PAUSE =
      IntervalFunction.ofExponentialRandomBackoff(FIRST_PAUSE, 2, 0.2, LONGEST_PAUSE);
  private static final int STEPS_TO_LONGEST_PAUSE = 10;
  private static final int FAILURES_THAT_ARE_A_LOSS = 3;

  /// What is done with a session.
  @FunctionalInterface
  interface Task<T> {
    T run(TokenSession session) throws Exception;
  }

  private sealed interface State {
    record Connected(TokenSession session) implements State {}

    record Lost(String reason) implements State {}
  }

  private final Pkcs11Library library;
  private final Pkcs11Config config;
  private final ScheduledExecutorService reconnector;
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private volatile State state = new State.Lost("not connected yet");

  /// When the PIN file was written whose PIN the token refused. Used by the reconnector alone, and
  /// by the constructor before it runs.
  private @Nullable FileTime refusedPin;

  /// Connects. A token that is not there is waited for in the background.
  ///
  /// @throws KeyBackendException of kind BROKEN when a person must correct something first
  TokenConnection(Pkcs11Config config) {
    this.config = config;
    this.library = Pkcs11Library.at(config.library());
    this.reconnector =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("token-" + config.name()).factory());
    Optional<Failure> failure = connect();
    if (failure.isPresent()) {
      if (failure.get().kind() == Kind.BROKEN) {
        reconnector.shutdownNow();
        throw new KeyBackendException(Kind.BROKEN, describe(failure.get().reason()));
      }
      LOG.warn("{}; waiting for it", describe(failure.get().reason()));
      retry(1);
    }
  }

  /// Runs `task` with the session there is.
  ///
  /// @throws KeyBackendException of kind UNAVAILABLE while the token is gone
  <T> T use(Task<T> task) {
    TokenSession session =
        switch (state) {
          case State.Connected connected -> connected.session();
          case State.Lost lost ->
              throw new KeyBackendException(Kind.UNAVAILABLE, describe(lost.reason()));
        };
    try {
      T result =
          library.shared(
              () -> {
                if (session.isRetired()) {
                  throw new StaleSessionException();
                }
                return task.run(session);
              });
      if (failuresInARow.get() != 0) {
        failuresInARow.set(0);
      }
      return result;
    } catch (Exception e) {
      Failure failure = Failure.of(e);
      boolean isLost =
          switch (failure.remedy()) {
            case LOG_IN_AGAIN, RESTART_LIBRARY, MEND_PIN -> true;
            case MEND_KEY -> false;
            case NONE ->
                !(e instanceof KeyBackendException)
                    && failuresInARow.incrementAndGet() >= FAILURES_THAT_ARE_A_LOSS;
          };
      if (isLost) {
        lost(session, failure);
      }
      if (e instanceof KeyBackendException known) {
        throw known;
      }
      throw new KeyBackendException(failure.kind(), describe(failure.reason()), e);
    }
  }

  /// Why the token cannot be used now; nothing when it can, as far as is known.
  Optional<String> unavailability() {
    return switch (state) {
      case State.Connected connected -> Optional.empty();
      case State.Lost lost -> Optional.of(describe(lost.reason()));
    };
  }

  private synchronized void lost(TokenSession session, Failure failure) {
    if (state instanceof State.Connected(TokenSession current) && current == session) {
      LOG.warn("{}; reconnecting", describe(failure.reason()));
      failuresInARow.set(0);
      state = new State.Lost(failure.reason());
      boolean restart = failure.remedy() == Remedy.RESTART_LIBRARY;
      after(0, () -> reconnect(0, restart, session));
    }
  }

  /// @param lost the session to end first
  private void reconnect(int attempt, boolean restart, @Nullable TokenSession lost) {
    try {
      if (lost != null) {
        library.retire(lost);
      }
      if (restart) {
        library.restartUnlessUsed();
      }
      Optional<Failure> failure = connect();
      if (failure.isEmpty()) {
        LOG.info("token '{}' of key backend {} is back", config.tokenLabel(), config.name());
        return;
      }
      LOG.debug("attempt {}: {}", attempt, failure.get().reason());
    } catch (RuntimeException e) {
      state = new State.Lost(Failure.of(e).reason());
      LOG.debug("attempt {}", attempt, e);
    }
    retry(attempt + 1);
  }

  /// Opens a session, or says why it cannot.
  private Optional<Failure> connect() {
    FileTime pinWritten = new PinFile(config.pinFile()).lastModified();
    if (pinWritten.equals(refusedPin)) {
      // Tokens lock after some wrong PINs: one try for each that is written.
      return Optional.of(
          new Failure(Remedy.MEND_PIN, Kind.BROKEN, "PIN refused; correct " + config.pinFile()));
    }
    try {
      state = new State.Connected(library.open(() -> TokenSession.open(library, config)));
      refusedPin = null;
      return Optional.empty();
    } catch (Exception e) {
      Failure failure = Failure.of(e);
      if (failure.remedy() == Remedy.MEND_PIN) {
        refusedPin = pinWritten;
      }
      state = new State.Lost(failure.reason());
      return Optional.of(failure);
    }
  }

  private void retry(int attempt) {
    long pause = PAUSE.apply(Math.min(attempt, STEPS_TO_LONGEST_PAUSE));
    after(pause, () -> reconnect(attempt, true, null));
  }

  private void after(long pause, Runnable task) {
    try {
      var _ = reconnector.schedule(task, pause, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed while reconnecting", e);
    }
  }

  private String describe(String reason) {
    return "key backend %s, token '%s': %s".formatted(config.name(), config.tokenLabel(), reason);
  }

  /// Logs out. The library stays initialised: others may use it.
  @Override
  public void close() {
    reconnector.shutdownNow();
    State last = state;
    state = new State.Lost("closed");
    if (last instanceof State.Connected(TokenSession session)) {
      library.retire(session);
    }
  }

  /// The library was restarted for another token's sake.
  private static final class StaleSessionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StaleSessionException() {
      super("the library was restarted; logging in again");
    }
  }
}
