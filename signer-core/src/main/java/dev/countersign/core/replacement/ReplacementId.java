package dev.countersign.core.replacement;

import dev.countersign.core.request.SigningRequestId;

/// One replacement of a request's payload.
///
/// @param ordinal 1 for the first; 0 is the original, which is no replacement
public record ReplacementId(SigningRequestId request, int ordinal) {
  public ReplacementId {
    if (ordinal < 1) {
      throw new IllegalArgumentException("replacement " + ordinal + ", expected 1 or more");
    }
  }

  @Override
  public String toString() {
    return request + " replacement " + ordinal;
  }
}
