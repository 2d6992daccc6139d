package dev.countersign.core.replacement;

import dev.countersign.core.model.Digest32;

/// What the permit of a replacement says of it, besides its bytes.
///
/// @param ordinal which one of its request, see [ReplacementId]
/// @param replaces the signing digest of the payload whose place it takes, the newest before it
public record Replacement(int ordinal, PayloadPurpose purpose, Digest32 replaces) {
  public Replacement {
    if (ordinal < 1 || purpose == PayloadPurpose.ORIGINAL) {
      throw new IllegalArgumentException(
          "replacement %d for %s: the original replaces nothing".formatted(ordinal, purpose));
    }
  }
}
