package dev.countersign.core.port;

/// Blobs cannot be committed to on this machine: the native library, or its trusted setup, is not
/// there. All else goes on.
public final class BlobProverUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BlobProverUnavailableException(String message) {
    super(message);
  }
}
