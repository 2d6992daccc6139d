package dev.countersign.server.config;

import dev.countersign.audit.checkpoint.CheckpointSigner;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.core.port.KeyBackendException;
import dev.countersign.hsm.pkcs11.TokenLogKey;

/// Signs checkpoints in a token.
final class TokenCheckpointSigner implements CheckpointSigner {
  private final VerifierKey verifierKey;
  private final TokenLogKey key;

  TokenCheckpointSigner(String origin, TokenLogKey key) {
    this.verifierKey = new VerifierKey(origin, key.publicKey());
    this.key = key;
  }

  @Override
  public VerifierKey verifierKey() {
    return verifierKey;
  }

  @Override
  public byte[] sign(byte[] text) {
    try {
      return key.sign(text);
    } catch (KeyBackendException e) {
      throw new IllegalStateException("the token does not sign checkpoints: " + e.getMessage(), e);
    }
  }
}
