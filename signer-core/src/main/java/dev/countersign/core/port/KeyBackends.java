package dev.countersign.core.port;

import dev.countersign.core.model.BackendName;
import java.util.List;
import java.util.Optional;

/// The key backends that are configured.
public interface KeyBackends {
  Optional<KeyBackend> find(BackendName name);

  List<KeyBackend> all();
}
