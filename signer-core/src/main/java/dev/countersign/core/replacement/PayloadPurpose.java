package dev.countersign.core.replacement;

import java.util.Locale;

/// What a payload is signed for.
public enum PayloadPurpose {
  /// What was asked for.
  ORIGINAL,
  /// The same for a higher fee.
  SPEED_UP,
  /// Nothing to itself, so that the nonce is used and nothing else happens.
  CANCELLATION;

  /// As the log writes it, such as `speed-up`.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
