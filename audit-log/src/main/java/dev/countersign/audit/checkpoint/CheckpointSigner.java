package dev.countersign.audit.checkpoint;

/// Holds the key of a log, and signs its checkpoints with nothing else. Safe for concurrent use.
public interface CheckpointSigner {

  /// The public half. Its name is the origin of the log.
  VerifierKey verifierKey();

  /// The keys that may have signed what is stored: this one, and those it took the place of.
  default LogKeys logKeys() {
    return LogKeys.of(verifierKey());
  }

  /// The Ed25519 signature (RFC 8032, section 5.1.6) of `text`: 64 bytes.
  ///
  /// @throws IllegalStateException when the key cannot be used now; it may be tried again
  byte[] sign(byte[] text);
}
