package dev.countersign.cosigner.store;

import java.util.UUID;

/// What is remembered of a database outside of it.
///
/// @param store which database
/// @param generation how often it was changed, at least
/// @param trustedFrom shares that were made in an earlier generation sign nothing: 0 unless an old
/// copy was put in the database's place
public record GenerationMark(UUID store, long generation, long trustedFrom) {
  public GenerationMark {
    if (generation < 0 || trustedFrom < 0 || trustedFrom > generation) {
      throw new IllegalArgumentException(
          "expected generations from 0, trusted from one of them, got %d and %d"
              .formatted(generation, trustedFrom));
    }
  }
}
