package dev.countersign.core.action;

import dev.countersign.core.action.Deed.RawDigest;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Digest32;
import java.util.List;

/// Digests that somebody else made, of bytes that nobody here sees.
public final class RawDigests {
  private RawDigests() {}

  /// What a signature over `digest` comes to: nobody can tell, and policy is asked just that.
  public static Unpacking unpack(Digest32 digest, Address signer) {
    return Walk.of(signer, new RawDigest(digest), List.of());
  }
}
