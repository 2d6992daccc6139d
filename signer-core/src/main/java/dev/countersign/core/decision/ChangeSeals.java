package dev.countersign.core.decision;

import dev.countersign.core.model.Bytes;
import java.nio.charset.StandardCharsets;

/// Seals when the delay of an approved policy is over, so that nobody who can only write to the
/// database can activate it before its time.
public final class ChangeSeals {
  private static final String PURPOSE = "countersign/policy-change-approved/v1";

  private final SealKey key;

  public ChangeSeals(SealKey key) {
    this.key = key;
  }

  /// For the policy engine; an architecture test keeps it so.
  ///
  /// @param content what was approved and when it may be activated, one form for each content
  public Bytes seal(String content) {
    return key.seal(PURPOSE, content.getBytes(StandardCharsets.UTF_8));
  }

  /// Whether `seal` was made for exactly this content.
  public boolean isGenuine(String content, Bytes seal) {
    return key.isSeal(seal, PURPOSE, content.getBytes(StandardCharsets.UTF_8));
  }
}
