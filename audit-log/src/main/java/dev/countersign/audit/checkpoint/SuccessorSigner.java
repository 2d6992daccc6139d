package dev.countersign.audit.checkpoint;

import java.util.List;

/// A key that took the place of others, under the same origin: it signs, and what they have signed
/// stays good.
public final class SuccessorSigner implements CheckpointSigner {
  private final CheckpointSigner signer;
  private final LogKeys keys;

  /// @param former the keys it took the place of; none when it is the log's first
  /// @throws InvalidNoteException when one is of another log, or is the signer's own
  public SuccessorSigner(CheckpointSigner signer, List<FormerKey> former) {
    this.signer = signer;
    this.keys = new LogKeys(signer.verifierKey(), former);
  }

  @Override
  public VerifierKey verifierKey() {
    return signer.verifierKey();
  }

  @Override
  public LogKeys logKeys() {
    return keys;
  }

  @Override
  public byte[] sign(byte[] message) {
    return signer.sign(message);
  }
}
