package dev.countersign.core.decision;

import dev.countersign.core.model.Bytes;
import java.nio.ByteBuffer;

/// Seals the version that is active, so that nobody who can only write to the database can have
/// another policy judged by. The seal says that a version was activated once, not that it is the
/// latest.
public final class PolicySeals {
  private static final String PURPOSE = "countersign/active-policy/v1";

  private final SealKey key;

  public PolicySeals(SealKey key) {
    this.key = key;
  }

  /// For whoever activates a policy, in the policy engine; an architecture test keeps it so.
  public Bytes seal(PolicyVersion version) {
    return key.seal(PURPOSE, canonical(version));
  }

  /// Whether `seal` was made for exactly this number and this hash.
  public boolean isGenuine(PolicyVersion version, Bytes seal) {
    return key.isSeal(seal, PURPOSE, canonical(version));
  }

  private static byte[] canonical(PolicyVersion version) {
    byte[] hash = version.hash().bytes().toArray();
    return ByteBuffer.allocate(Long.BYTES + hash.length)
        .putLong(version.number())
        .put(hash)
        .array();
  }
}
