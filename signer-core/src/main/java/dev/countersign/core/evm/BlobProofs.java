package dev.countersign.core.evm;

import java.util.Arrays;

/// What proves to a node that blobs are those of their commitments.
public enum BlobProofs {
  /// One proof for each blob, as EIP-4844 began.
  BLOBS("blobs", 0, 1),
  /// One for each cell of each extended blob (EIP-7594, since Osaka).
  CELLS("cells", 1, 128);

  private final String text;
  private final int version;
  private final int perBlob;

  BlobProofs(String text, int version, int perBlob) {
    this.text = text;
    this.version = version;
    this.perBlob = perBlob;
  }

  /// As chain definitions write it.
  public String text() {
    return text;
  }

  /// `wrapper_version` of EIP-7594; 0 is that of the wrapper which has none.
  int version() {
    return version;
  }

  /// @throws java.util.NoSuchElementException when there is no such version
  static BlobProofs ofVersion(int version) {
    return Arrays.stream(values()).filter(one -> one.version == version).findFirst().orElseThrow();
  }

  /// How many proofs one blob has.
  public int perBlob() {
    return perBlob;
  }
}
