package dev.countersign.core.port;

import dev.countersign.core.model.Bytes;

/// Seals the key shares that a cosigner stores, with a key that never leaves its HSM or vault: a
/// copy of the database is worth nothing without it. Safe for concurrent use.
public interface ShareSeal {

  /// @param share is read alone, and stays the caller's to wipe
  /// @param context which share this is: authenticated with it, and asked for again
  /// @throws KeyBackendException of kind UNAVAILABLE while the HSM is gone
  Bytes seal(byte[] share, Bytes context);

  /// @return the share, for the caller to wipe
  /// @throws KeyBackendException of kind BROKEN when it was altered, or sealed in another context
  /// or by another key; of kind UNAVAILABLE while the HSM is gone
  byte[] unseal(Bytes sealed, Bytes context);
}
