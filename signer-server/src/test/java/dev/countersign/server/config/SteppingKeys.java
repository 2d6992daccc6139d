package dev.countersign.server.config;

import dev.countersign.core.decision.Permit;
import dev.countersign.core.model.BackendName;
import dev.countersign.core.model.KeyId;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import java.util.List;
import java.util.Optional;

/// Real keys that sign after a step has run: for what comes between a permit and its signature.
record SteppingKeys(KeyBackends real, Step step) implements KeyBackends {

  /// What comes in between.
  @FunctionalInterface
  interface Step {
    void before(List<Permit> permits);
  }

  /// The process dies.
  static final class CrashException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Optional<KeyBackend> find(BackendName name) {
    return real.find(name).map(backend -> new Stepping(backend, step));
  }

  @Override
  public List<KeyBackend> all() {
    return real.all();
  }

  private record Stepping(KeyBackend real, Step step) implements KeyBackend {
    @Override
    public BackendName name() {
      return real.name();
    }

    @Override
    public BackendKey createKey(KeyId key) {
      return real.createKey(key);
    }

    @Override
    public Optional<BackendKey> find(KeyId key) {
      return real.find(key);
    }

    @Override
    public List<BackendKey> listKeys() {
      return real.listKeys();
    }

    @Override
    public List<SigningOutcome> sign(List<Permit> permits) {
      step.before(permits);
      return real.sign(permits);
    }
  }
}
