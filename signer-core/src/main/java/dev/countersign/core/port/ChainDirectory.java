package dev.countersign.core.port;

import dev.countersign.core.model.ChainId;
import java.util.List;
import java.util.Optional;

/// The chains that are configured.
public interface ChainDirectory {
  Optional<Chain> find(ChainId id);

  List<Chain> all();

  /// @param confirmations how many blocks, its own included, make a transaction final enough
  /// @param explorer the page of a transaction with `{hash}` in it, or empty
  record Chain(ChainId id, String name, String nativeSymbol, int confirmations, String explorer) {}
}
