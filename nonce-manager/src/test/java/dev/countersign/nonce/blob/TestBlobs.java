package dev.countersign.nonce.blob;

import dev.countersign.core.evm.BlobSidecar;
import dev.countersign.core.model.Bytes;
import java.util.Random;

/// Blobs for tests.
public final class TestBlobs {
  private TestBlobs() {}

  /// One of its own for each seed.
  public static Bytes of(long seed) {
    byte[] blob = new byte[BlobSidecar.BLOB_SIZE];
    new Random(seed).nextBytes(blob);
    for (int at = 0; at < blob.length; at += 32) {
      blob[at] = 0;
    }
    return Bytes.of(blob);
  }
}
