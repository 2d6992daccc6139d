package dev.countersign.cosigner.store;

import java.util.Optional;

/// Where a [GenerationMark] is kept: somewhere that is not set back when the database is. One
/// process has it at a time.
public interface GenerationWitness extends AutoCloseable {

  /// The mark that was recorded last; nothing when there never was one.
  ///
  /// @throws StoreRefusedException when it cannot be read
  Optional<GenerationMark> read();

  /// Durable when it returns.
  ///
  /// @throws StoreRefusedException when it cannot be written
  void record(GenerationMark mark);

  @Override
  void close();
}
