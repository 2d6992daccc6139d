package dev.countersign.hsm;

import dev.countersign.core.model.BackendName;
import dev.countersign.core.port.KeyBackend;
import dev.countersign.core.port.KeyBackends;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The key backends that the configuration named, in its order.
public final class ConfiguredKeyBackends implements KeyBackends {
  private final List<KeyBackend> backends;
  private final Map<BackendName, KeyBackend> byName;

  /// @throws IllegalStateException when two have the same name
  public ConfiguredKeyBackends(List<? extends KeyBackend> backends) {
    this.backends = List.copyOf(backends);
    this.byName =
        this.backends.stream().collect(Collectors.toMap(KeyBackend::name, Function.identity()));
  }

  @Override
  public Optional<KeyBackend> find(BackendName name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public List<KeyBackend> all() {
    return backends;
  }
}
