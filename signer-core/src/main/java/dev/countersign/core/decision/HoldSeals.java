package dev.countersign.core.decision;

import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;

/// Seals what a request waits for, so that nobody who can only write to the database can open a
/// time lock before its time.
public final class HoldSeals {
  private static final String PURPOSE = "countersign/hold/v1";

  private final SealKey key;

  public HoldSeals(SealKey key) {
    this.key = key;
  }

  /// For the policy engine; an architecture test keeps it so.
  ///
  /// @param content what the hold says, one form for each content
  public Bytes seal(String content) {
    return key.seal(PURPOSE, content.getBytes(StandardCharsets.UTF_8));
  }

  /// Whether `seal` was made for exactly this content.
  public boolean isGenuine(String content, Bytes seal) {
    return key.isSeal(seal, PURPOSE, content.getBytes(StandardCharsets.UTF_8));
  }
}
