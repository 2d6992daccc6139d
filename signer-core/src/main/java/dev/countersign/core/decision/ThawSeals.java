package dev.countersign.core.decision;

import dev.countersign.core.freeze.FreezeId;
import dev.countersign.core.model.Bytes;
import java.nio.ByteBuffer;

/// Seals that a freeze was lifted, so that nobody who can only write to the database can lift one.
public final class ThawSeals {
  private static final String PURPOSE = "countersign/thaw/v1";

  private final SealKey key;

  public ThawSeals(SealKey key) {
    this.key = key;
  }

  /// For whoever lifts freezes, in the policy engine; an architecture test keeps it so.
  public Bytes seal(FreezeId freeze) {
    return key.seal(PURPOSE, canonical(freeze));
  }

  /// Whether `seal` was made for exactly this freeze.
  public boolean isGenuine(FreezeId freeze, Bytes seal) {
    return key.isSeal(seal, PURPOSE, canonical(freeze));
  }

  private static byte[] canonical(FreezeId freeze) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(freeze.value().getMostSignificantBits())
        .putLong(freeze.value().getLeastSignificantBits())
        .array();
  }
}
