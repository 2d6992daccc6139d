package dev.countersign.audit.checkpoint;

import java.io.IOException;

/// Encrypts a private key with one that is kept elsewhere, so that its file alone is worth nothing.
public interface KeyWrapping {
  /// The file is as good as the key.
  KeyWrapping NONE =
      new KeyWrapping() {
        @Override
        public byte[] wrap(byte[] key) {
          return key.clone();
        }

        @Override
        public byte[] unwrap(byte[] wrapped) {
          return wrapped.clone();
        }
      };

  /// @throws IOException when what wraps is not there or refuses
  byte[] wrap(byte[] key) throws IOException;

  /// @param wrapped what [#wrap] made; it may end with a line feed
  /// @throws IOException when what unwraps is not there or refuses, or has not wrapped this
  byte[] unwrap(byte[] wrapped) throws IOException;
}
